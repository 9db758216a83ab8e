using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Holds the LISTEN connection of the process and opens a new one when it breaks.</summary>
internal sealed partial class JobListener(JobDatabase database, JobSignals signals, TimeProvider time, ILogger<JobListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => delay = TimeSpan.Zero, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
            {
                // Workers go on by polling until the connection stands again.
                Log.Lost(logger, exception.Message);
            }

            delay = delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : delay * 2;
            if (delay > MaxRetryDelay) delay = MaxRetryDelay;
            await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken stoppingToken)
    {
        await using var connection = await database.Listening.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, message) => signals.Heard(message.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {JobSql.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        connected();
        Log.Listening(logger);
        signals.Connected();
        while (true) await connection.WaitAsync(stoppingToken);
    }

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Debug, "Listening for jobs")]
        public static partial void Listening(ILogger logger);

        [LoggerMessage(2021, LogLevel.Warning, "The connection that listens for jobs broke: {Reason}; polling until it stands again")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
