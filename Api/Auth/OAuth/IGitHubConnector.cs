namespace Platform.Api.Auth.OAuth;

/// <summary>Takes what somebody allowed at GitHub for their account here.</summary>
internal interface IGitHubConnector
{
    /// <param name="userId">Whose account it is connected with.</param>
    /// <param name="identity">Who it is at GitHub, with the token.</param>
    /// <param name="scopes">What GitHub let the token do, in its words.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task ConnectAsync(Guid userId, ExternalIdentity identity, string? scopes, CancellationToken cancellationToken);
}
