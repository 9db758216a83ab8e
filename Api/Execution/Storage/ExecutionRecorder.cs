using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Storage;

/// <summary>Writes runs whose caller has had the answer into the history, after the answer and many at a time.</summary>
internal sealed partial class ExecutionRecorder(
    IServiceScopeFactory scopes,
    ExecutionPayloads payloads,
    LanguageCatalog catalog,
    IOptions<HistoryOptions> options,
    TimeProvider time,
    ILogger<ExecutionRecorder> logger) : BackgroundService
{
    private const int Most = 500;
    private const int AtOnce = 50;

    private readonly Channel<StoredExecution> _rows = Channel.CreateBounded<StoredExecution>(
        new BoundedChannelOptions(Most) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void Record(ExecuteRequest request, ExecuteResponse response, CurrentUser user)
    {
        if (!options.Value.RecordSync) return;
        var now = time.GetUtcNow();
        var finished = FinishedExecution.Of(response, payloads);
        _rows.Writer.TryWrite(new StoredExecution
        {
            Id = response.Id,
            OwnerId = user.OwnerId,
            UserId = user.Id,
            Language = catalog.Find(request.Language!)!.Id,
            Mode = ExecutionMode.Sync,
            Status = ExecutionStatus.Completed,
            Verdict = finished.Verdict,
            Request = payloads.Pack(request),
            Result = finished.Result,
            TimeMs = finished.TimeMs,
            MemoryKb = finished.MemoryKb,
            StartedAt = now - TimeSpan.FromMilliseconds(response.TimeMs),
            CompletedAt = now,
            CreatedAt = now,
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(() => _rows.Writer.TryComplete());
        while (await _rows.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var rows = new List<StoredExecution>();
            while (rows.Count < AtOnce && _rows.Reader.TryRead(out var row)) rows.Add(row);
            await WriteAsync(rows);
        }
    }

    private async Task WriteAsync(List<StoredExecution> rows)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ExecutionStore>().AddAsync(rows, CancellationToken.None);
        }
        catch (Exception exception) when (rows.Count > 1 && exception is DbUpdateException)
        {
            // One of them is of an account that has just been deleted: the others are not to go with it.
            foreach (var row in rows) await WriteAsync([row]);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or TimeoutException or InvalidOperationException)
        {
            Log.NotRecorded(logger, rows.Count, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5401, LogLevel.Warning, "{Count} runs are missing in the history: {Reason}")]
        public static partial void NotRecorded(ILogger logger, int count, string reason);
    }
}
