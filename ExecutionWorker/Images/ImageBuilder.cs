using Microsoft.Extensions.Options;
using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Images;

/// <summary>
/// Builds images that are missing when a run asks for them. One build at a time: they are heavy. Whoever asks for an image that is being built waits for
/// the same build; it goes on when all of them have gone, so that the next one finds the image.
/// </summary>
internal sealed partial class ImageBuilder(
    IContainerEngine engine, ImageRecipe recipe, IOptions<ExecutionWorkerOptions> options, TimeProvider time, ILogger<ImageBuilder> logger)
    : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Build> _builds = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();

    public bool CanBuild(string image) => options.Value.BuildImages && recipe.IdOf(image) is not null;

    public bool IsBuilding(string image)
    {
        lock (_lock) return _builds.ContainsKey(image);
    }

    /// <summary>Returns once the image is there.</summary>
    /// <param name="image">Its name with its tag.</param>
    /// <param name="progress">Gets the lines of the build.</param>
    /// <param name="cancellationToken">Ends the wait, not the build.</param>
    /// <exception cref="ContainerEngineException">It could not be built.</exception>
    public async Task BuildAsync(string image, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var build = Join(image, progress);
        try
        {
            await build.Done.WaitAsync(cancellationToken);
        }
        finally
        {
            build.Leave(progress);
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = stoppingToken.Register(_stop.Cancel);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] left;
        lock (_lock) left = [.. _builds.Values.Select(build => build.Done)];
        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Build Join(string image, IProgress<string> progress)
    {
        lock (_lock)
        {
            if (!_builds.TryGetValue(image, out var build))
            {
                build = new Build();
                _builds[image] = build;
                build.Done = Task.Run(() => RunAsync(image, build), CancellationToken.None);
            }

            build.Join(progress);
            return build;
        }
    }

    private async Task RunAsync(string image, Build build)
    {
        var began = time.GetTimestamp();
        var done = false;
        using var timeout = new CancellationTokenSource(options.Value.ImageBuildTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            await _turn.WaitAsync(either.Token);
            try
            {
                await BuildWithNeedsAsync(recipe.IdOf(image)!, build, either.Token);
                done = true;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception)
        {
            Log.Failed(logger, image, exception.Message);
            if (exception is ContainerEngineException) throw;
            throw new ContainerEngineException(ContainerEngineError.BuildFailed, $"The build of {image} did not come to its end: {exception.Message}", exception);
        }
        finally
        {
            Telemetry.RecordBuild(image, done, time.GetElapsedTime(began));
            lock (_lock) _builds.Remove(image);
        }
    }

    private async Task BuildWithNeedsAsync(string id, Build build, CancellationToken cancellationToken)
    {
        var name = ImageRecipe.NameOf(id);
        if (await engine.ImageExistsAsync(name, cancellationToken)) return;
        foreach (var need in recipe.NeedsOf(id)) await BuildWithNeedsAsync(need, build, cancellationToken);
        Log.Building(logger, name);
        build.Report($"Building {name}");
        await using var context = await recipe.PackAsync(cancellationToken);
        var image = new ImageBuild
        {
            Tags = [name],
            Dockerfile = $"{id}/Dockerfile",
            Arguments = recipe.Arguments(),
            Labels = new Dictionary<string, string> { ["autostack.image"] = id },
        };
        await engine.BuildImageAsync(image, context, build, cancellationToken);
        Log.Built(logger, name);
    }

    private sealed class Build : IProgress<string>
    {
        private readonly Lock _lock = new();
        private readonly List<IProgress<string>> _listeners = [];

        public Task Done { get; set; } = Task.CompletedTask;

        public void Join(IProgress<string> listener)
        {
            lock (_lock) _listeners.Add(listener);
        }

        public void Leave(IProgress<string> listener)
        {
            lock (_lock) _listeners.Remove(listener);
        }

        public void Report(string value)
        {
            lock (_lock)
            {
                foreach (var listener in _listeners) listener.Report(value);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4501, LogLevel.Information, "Image {Image} is missing and is being built")]
        public static partial void Building(ILogger logger, string image);

        [LoggerMessage(4502, LogLevel.Information, "Image {Image} has been built")]
        public static partial void Built(ILogger logger, string image);

        [LoggerMessage(4503, LogLevel.Error, "Image {Image} could not be built: {Reason}")]
        public static partial void Failed(ILogger logger, string image, string reason);
    }
}
