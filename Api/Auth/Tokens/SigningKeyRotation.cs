using Microsoft.Extensions.Options;

namespace Platform.Api.Auth.Tokens;

/// <summary>Keeps the signing keys of this instance current, and makes the next one when it is time.</summary>
internal sealed partial class SigningKeyRotation(SigningKeys keys, IOptions<AuthOptions> options, TimeProvider time, ILogger<SigningKeyRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request: this instance must know the keys that the others sign with.
        await keys.RotateAsync(now: false, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Several looks within the notice of a new key, so that one may fail.
        var interval = options.Value.SigningKeyNotice / 4;
        using var timer = new PeriodicTimer(interval < LongestInterval ? interval : LongestInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RotateAsync(now: false, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The signing keys were not read again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
