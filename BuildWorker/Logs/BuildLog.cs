using System.Threading.Channels;
using Platform.Core.Deployments.Logs;
using Platform.Core.Realtime;

namespace Platform.BuildWorker.Logs;

/// <summary>
/// The log of one running build: numbers lines, masks secrets, stores them in batches and sends what is stored.
/// </summary>
internal sealed class BuildLog : IAsyncDisposable
{
    public const string Info = "info";
    public const string Warning = "warning";
    public const string Error = "error";

    private const int MaxBatch = 500;
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan FloodDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(20);

    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Guid _deploymentId;
    private readonly SecretMasker _masker;
    private readonly ILogStore _store;
    private readonly ILogBus _bus;
    private readonly TimeProvider _time;
    private readonly int _maxOutputLines;
    private readonly CancellationToken _stopped;
    private readonly Task _writing;
    private long _seq;
    private long _outputLines;

    private BuildLog(
        Guid deploymentId, long lastSeq, SecretMasker masker, ILogStore store, ILogBus bus, TimeProvider time, int maxOutputLines, CancellationToken stopped)
    {
        (_deploymentId, _seq, _masker, _store, _bus, _time, _maxOutputLines, _stopped) =
            (deploymentId, lastSeq, masker, store, bus, time, maxOutputLines, stopped);
        _writing = WriteAsync();
    }

    /// <summary>Opens the log after its last stored line.</summary>
    /// <param name="stopped">Cancelled when nothing may be written any more.</param>
    public static async Task<BuildLog> OpenAsync(
        Guid deploymentId, SecretMasker masker, ILogStore store, ILogBus bus, TimeProvider time, int maxOutputLines, CancellationToken stopped) =>
        new(deploymentId, await store.LastSeqAsync(deploymentId, stopped), masker, store, bus, time, maxOutputLines, stopped);

    /// <summary>A line of the platform itself.</summary>
    public ValueTask WriteAsync(string level, string message, CancellationToken cancellationToken) =>
        AddAsync(level, _masker.Apply(message.Replace('\0', '\uFFFD')), cancellationToken);

    /// <summary>A text as it may be stored elsewhere.</summary>
    public string Mask(string text) => _masker.Apply(text);

    public async Task WriteManyAsync(string level, string text, CancellationToken cancellationToken)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            await WriteAsync(level, line, cancellationToken);
    }

    /// <summary>Takes the output of one stream of a program; <see cref="OutputSink.CompleteAsync"/> ends it.</summary>
    /// <param name="level">Level of its lines.</param>
    /// <param name="observe">Sees every line as it will be stored, beyond the limit of lines, too.</param>
    public OutputSink OpenOutput(string level, Action<string>? observe = null) => new(this, level, _masker, observe);

    /// <summary>Writes the rest; what comes later is dropped. Throws when a line could not be stored.</summary>
    public Task CompleteAsync()
    {
        _entries.Writer.TryComplete();
        return _writing;
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever needs to know whether everything was stored has called CompleteAsync.
        await CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ValueTask AddOutputAsync(string level, string line, CancellationToken cancellationToken)
    {
        var count = Interlocked.Increment(ref _outputLines);
        if (count < _maxOutputLines) return AddAsync(level, line, cancellationToken);
        return count == _maxOutputLines
            ? AddAsync(Warning, $"The build has printed {_maxOutputLines} lines; what it prints from here on is not kept.", cancellationToken)
            : ValueTask.CompletedTask;
    }

    private async ValueTask AddAsync(string level, string message, CancellationToken cancellationToken)
    {
        try
        {
            await _entries.Writer.WriteAsync(new Entry(_time.GetUtcNow(), level, message), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // Complete: there is nothing to add to. Failed: the build must not go on unrecorded, so the failure comes out here.
            await _writing;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await _entries.Reader.WaitToReadAsync(_stopped))
            {
                if (_entries.Reader.Count < MaxBatch) await Task.Delay(BatchDelay, _time, _stopped);
                await StoreAsync(TakeBatch());
            }
        }
        catch (Exception exception)
        {
            _entries.Writer.TryComplete(exception);
            throw;
        }
    }

    private List<LogLine> TakeBatch()
    {
        List<LogLine> batch = [];
        while (batch.Count < MaxBatch && _entries.Reader.TryRead(out var entry))
            batch.Add(new LogLine(++_seq, entry.Timestamp, entry.Level, entry.Message));
        return batch;
    }

    private async Task StoreAsync(List<LogLine> batch)
    {
        if (batch.Count == 0) return;
        await _store.AppendAsync(_deploymentId, batch, _stopped);
        await _bus.PublishAsync(_deploymentId, batch, _stopped);
    }

    private readonly record struct Entry(DateTimeOffset Timestamp, string Level, string Message);

    /// <summary>One stream of a program's output.</summary>
    public sealed class OutputSink(BuildLog log, string level, SecretMasker masker, Action<string>? observe)
    {
        private readonly LineAssembler _lines = new(masker);

        public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            // Nothing of it is kept any more: it is read slowly, so that a flood costs the machine little.
            if (log._outputLines > log._maxOutputLines) await Task.Delay(FloodDelay, log._time, cancellationToken);
            foreach (var line in _lines.Add(bytes.Span))
            {
                observe?.Invoke(line);
                await log.AddOutputAsync(level, line, cancellationToken);
            }
        }

        public async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            if (_lines.Complete() is not { } line) return;
            observe?.Invoke(line);
            await log.AddOutputAsync(level, line, cancellationToken);
        }
    }
}
