namespace Platform.Api.Common.Http;

/// <summary>Ends open sockets together with what opened them: a socket outlives the look at its token.</summary>
internal interface ISocketWatch
{
    /// <summary>
    /// Once the caller's session or API token is over or their account closed, <paramref name="ended"/> is cancelled, so that the socket can say
    /// goodbye; a moment later <paramref name="cut"/> is called.
    /// </summary>
    /// <returns>To be disposed of with the socket; nothing is called afterwards.</returns>
    IDisposable Follow(CurrentUser user, CancellationTokenSource ended, Action cut);
}

/// <summary>Feature of a request that opened a socket: the end of what signed it in.</summary>
internal sealed record SignInEnd(CancellationToken Token)
{
    /// <summary>Of a socket that nobody signed in to it never comes.</summary>
    public static CancellationToken Of(HttpContext context) => context.Features.Get<SignInEnd>()?.Token ?? CancellationToken.None;
}
