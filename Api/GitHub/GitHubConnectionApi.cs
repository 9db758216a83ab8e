using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.OAuth;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

internal static class GitHubConnectionApi
{
    // Without the first, private repositories are neither listed nor cloned.
    private static readonly string[] Scopes = ["repo", "user:email"];

    public static IEndpointRouteBuilder MapGitHubConnection(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/github").WithTags("GitHub").RequireAuthorization();
        group.MapGet("/connection", GetAsync).WithName("getGitHubConnection").WithSummary("Whether and how the account is connected with GitHub.");
        group.MapGet("/connection-status", GetAsync).WithName("getGitHubConnectionStatus").WithSummary("The same, by its other name.");
        group.MapPost("/connect", ConnectAsync).WithName("connectGitHub").WithSummary("Begins to connect GitHub; answers where to send the browser.")
            .ProducesError(StatusCodes.Status404NotFound, StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/disconnect", DisconnectAsync).WithName("disconnectGitHub").WithSummary("Forgets GitHub's tokens, and revokes them there.")
            .ProducesError(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Ok<GitHubConnectionResponse>> GetAsync(CurrentUser caller, ConnectionService connections, CancellationToken cancellationToken) =>
        TypedResults.Ok(await connections.GetAsync(caller.Id, cancellationToken));

    private static async Task<Results<Ok<ConnectGitHubResponse>, ErrorResult>> ConnectAsync(
        ConnectGitHubRequest? request, CurrentUser caller, ReturnAddresses addresses, ProviderSignIn signIn, IAuthenticationSchemeProvider schemes,
        IOptions<GitHubAppOptions> app, HttpContext context)
    {
        if (addresses.Find(request?.ReturnUrl, "/settings") is not { } target) return ApiErrors.Invalid("returnUrl", "Must be a page of the front end.");
        if (await schemes.GetSchemeAsync(SignInProvider.GitHub.Id) is null)
        {
            return app.Value.IsConfigured
                ? TypedResults.Ok(new ConnectGitHubResponse(QueryHelpers.AddQueryString($"{GitHubAppApi.Path}/install", "returnUrl", target)))
                : OAuthApi.NotConfigured(SignInProvider.GitHub);
        }

        var properties = signIn.BeginConnect(target, caller.Id, caller.SessionId);
        properties.SetParameter<ICollection<string>>(OAuthChallengeProperties.ScopeKey, Scopes);
        var address = new AuthorizationAddress();
        properties.SetParameter(nameof(AuthorizationAddress), address);
        await context.ChallengeAsync(SignInProvider.GitHub.Id, properties);
        return TypedResults.Ok(new ConnectGitHubResponse(address.Value ?? throw new InvalidOperationException("The handler made no address.")));
    }

    private static async Task<Results<NoContent, ErrorResult>> DisconnectAsync(CurrentUser caller, ConnectionService connections, CancellationToken cancellationToken) =>
        await connections.DisconnectAsync(caller.Id, cancellationToken) ? TypedResults.NoContent() : ApiErrors.NotFound("GITHUB_NOT_CONNECTED", "No GitHub account is connected.");
}
