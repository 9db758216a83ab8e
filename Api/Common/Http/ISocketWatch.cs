namespace Platform.Api.Common.Http;

/// <summary>Ends open sockets together with what opened them: a socket outlives the look at its token.</summary>
internal interface ISocketWatch
{
    /// <summary>Calls <paramref name="end"/> soon after the caller's session or API token is over or their account closed.</summary>
    /// <returns>To be disposed of with the socket; <paramref name="end"/> is not called afterwards.</returns>
    IDisposable Follow(CurrentUser user, Action end);
}
