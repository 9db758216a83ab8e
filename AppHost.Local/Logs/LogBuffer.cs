using System.Threading.Channels;

namespace Platform.AppHost.Local.Logs;

/// <summary>One line that a resource printed, or that the host says about it.</summary>
/// <param name="Seq">Counts the lines of the resource.</param>
/// <param name="Timestamp">When it was read.</param>
/// <param name="IsError">Whether it is the host's bad news: a crash, a failed start.</param>
/// <param name="Text">Without terminal sequences and secrets.</param>
internal sealed record LogLine(long Seq, DateTimeOffset Timestamp, bool IsError, string Text);

/// <summary>The last lines of one resource, numbered, for those who come later and those who watch.</summary>
internal sealed class LogBuffer(string name, int colour, SecretMasker masker, TimeProvider time, Action<LogBuffer, LogLine>? onLine = null, int capacity = 2000)
{
    private const int SubscriberCapacity = 5000;
    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<Channel<LogLine>> _subscribers = [];
    private long _seq;

    public string Name { get; } = name;

    public int Colour { get; } = colour;

    public void Append(string text, bool isError = false)
    {
        LogLine line;
        lock (_gate)
        {
            line = new(++_seq, time.GetUtcNow(), isError, masker.Mask(PlainText.Of(text)));
            _lines.Enqueue(line);
            if (_lines.Count > capacity) _lines.Dequeue();
            // Bounded and lossy: one who reads slowly misses lines, which their numbers show, and slows nobody.
            foreach (var subscriber in _subscribers) subscriber.Writer.TryWrite(line);
        }

        onLine?.Invoke(this, line);
    }

    public IReadOnlyList<LogLine> Snapshot()
    {
        lock (_gate) return [.. _lines];
    }

    /// <summary>The lines after <paramref name="after"/> that are still kept, then those to come.</summary>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(SubscriberCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        List<LogLine> backlog;
        lock (_gate)
        {
            // A number from before a restart of the host is larger than any here: such a reader starts from the beginning.
            backlog = [.. _lines.Where(line => after > _seq || line.Seq > after)];
            _subscribers.Add(channel);
        }

        try
        {
            foreach (var line in backlog) yield return line;
            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken)) yield return line;
        }
        finally
        {
            lock (_gate) _subscribers.Remove(channel);
        }
    }
}
