using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;

namespace Platform.Api.Execution.Storage;

/// <summary>Deletes runs that are too old, or too many of one owner. Every instance does; there is nothing that two could do wrong together.</summary>
internal sealed partial class HistorySweeper(
    IServiceScopeFactory scopes, IOptions<HistoryOptions> options, TimeProvider time, ILogger<HistorySweeper> logger) : BackgroundService
{
    private const string TooOld = """
        DELETE FROM executions WHERE id IN (
            SELECT id FROM executions WHERE completed_at < now() - {0} AND COALESCE(callback_state, '') <> 'pending' ORDER BY completed_at LIMIT 5000)
        """;

    private const string TooMany = """
        DELETE FROM executions AS row USING (
            SELECT id FROM (
                SELECT id, status, callback_state, row_number() OVER (PARTITION BY owner_id ORDER BY created_at DESC, id DESC) AS place FROM executions) AS ranked
            WHERE place > {0} AND status = 'completed' AND COALESCE(callback_state, '') <> 'pending' LIMIT 5000) AS old
        WHERE row.id = old.id
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SweepAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
            var old = await db.Database.ExecuteSqlRawAsync(TooOld, [options.Value.Retention], cancellationToken);
            var many = await db.Database.ExecuteSqlRawAsync(TooMany, [options.Value.MaxPerOwner], cancellationToken);
            if (old + many > 0) Log.Swept(logger, old, many, time.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or InvalidOperationException)
        {
            Log.NotSwept(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5501, LogLevel.Information, "Deleted {Old} runs that were too old and {Many} that were too many, in {ElapsedMs:0} ms")]
        public static partial void Swept(ILogger logger, int old, int many, double elapsedMs);

        [LoggerMessage(5502, LogLevel.Warning, "Old runs were not deleted: {Reason}")]
        public static partial void NotSwept(ILogger logger, string reason);
    }
}
