namespace Platform.Core.Tests.Jobs;

internal static class CancellationTokens
{
    /// <summary>Ends, without an exception, when the token is cancelled.</summary>
    public static async Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task;
    }
}
