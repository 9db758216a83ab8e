using System.Text;
using System.Threading.Channels;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Tells the waiting side what is being waited for: the newest line, not more often than somebody can read.</summary>
internal sealed class ProgressMessages : IProgress<string>, IAsyncDisposable
{
    private const int MaxLength = 300;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _newest = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    public ProgressMessages(RunChannel channel, string first)
    {
        Report(first);
        _sending = SendAsync(channel, _stop.Token);
    }

    public void Report(string value)
    {
        var line = value.Trim();
        if (line.Length > 0) _newest.Writer.TryWrite(line.Length <= MaxLength ? line : line[..MaxLength]);
    }

    public async ValueTask DisposeAsync()
    {
        // What is being sent is finished: to break off a message would break the socket.
        _newest.Writer.TryComplete();
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SendAsync(RunChannel channel, CancellationToken stopping)
    {
        var line = "";
        while (await NextAsync(line) is { } next)
        {
            line = next;
            await channel.SendAsync(RunMessageKind.Progress, Encoding.UTF8.GetBytes(line), CancellationToken.None);
            await Task.Delay(Interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The newest line; after a silence the last one again, or the waiting side would give the run up. Null at the end.</summary>
    private async Task<string?> NextAsync(string last)
    {
        using var silence = new CancellationTokenSource(Silence);
        try
        {
            return await _newest.Reader.WaitToReadAsync(silence.Token) && _newest.Reader.TryRead(out var line) ? line : null;
        }
        catch (OperationCanceledException)
        {
            return last;
        }
    }
}
