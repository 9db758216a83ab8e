using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Containers;
using Platform.Core.Execution;
using StackExchange.Redis;

namespace Platform.ExecutionWorker.Images;

/// <summary>Which languages have their image on this worker's engine; looked up now and then, and told to everybody through Redis.</summary>
internal sealed partial class ImageStates(
    LanguageCatalog catalog, IContainerEngine engine, ImageBuilder images, WorkerIdentity identity, IConnectionMultiplexer redis, TimeProvider time,
    ILogger<ImageStates> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private ImmutableHashSet<string> _ready = [];

    public bool IsReady(Language language) => _ready.Contains(language.Id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
                await PublishAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await WithdrawAsync();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ready = ImmutableHashSet.CreateBuilder<string>();
            foreach (var languages in catalog.Languages.GroupBy(language => language.Image))
            {
                if (await engine.ImageExistsAsync(languages.Key, cancellationToken)) ready.UnionWith(languages.Select(language => language.Id));
            }

            var now = ready.ToImmutable();
            if (!now.SetEquals(_ready)) Log.Changed(logger, string.Join(", ", now.Order(StringComparer.Ordinal)));
            _ready = now;
        }
        catch (ContainerEngineException exception)
        {
            _ready = [];
            Log.NoEngine(logger, exception.Message);
        }
    }

    private async Task PublishAsync()
    {
        var absent = catalog.Languages.Where(language => !_ready.Contains(language.Id)).ToLookup(language => images.IsBuilding(language.Image));
        var state = new WorkerState(
            [.. _ready],
            [.. absent[true].Select(language => language.Id)],
            [.. absent[false].Where(language => images.CanBuild(language.Image)).Select(language => language.Id)],
            time.GetUtcNow().Add(WorkerState.Lifetime));
        try
        {
            await redis.GetDatabase().HashSetAsync(WorkerState.Key, identity.Name, JsonSerializer.Serialize(state, WorkerState.JsonOptions));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.NotPublished(logger, exception.Message);
        }
    }

    private async Task WithdrawAsync()
    {
        try
        {
            await redis.GetDatabase().HashDeleteAsync(WorkerState.Key, identity.Name);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // It expires by itself.
            Log.NotPublished(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Information, "Languages that are ready: {Languages}")]
        public static partial void Changed(ILogger logger, string languages);

        [LoggerMessage(4202, LogLevel.Warning, "The container engine does not answer: {Reason}")]
        public static partial void NoEngine(ILogger logger, string reason);

        [LoggerMessage(4203, LogLevel.Warning, "The state of the languages could not be published: {Reason}")]
        public static partial void NotPublished(ILogger logger, string reason);
    }
}
