using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>A worker and a repository for it.</summary>
public abstract class BuildTestBase(BuildWorkerFixture fixture) : IAsyncLifetime, IDisposable
{
    private WebApplication? _worker;

    private protected GitRepository Repository { get; } = new();

    protected BuildWorkerFixture Fixture { get; } = fixture;

    protected IServiceProvider Services => _worker!.Services;

    protected virtual (string Key, string Value)[] Settings => [];

    public async Task InitializeAsync() => _worker = await Fixture.StartWorkerAsync(Settings);

    public async Task DisposeAsync()
    {
        await _worker!.StopAsync(CancellationToken.None);
        await _worker.DisposeAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Repository.Dispose();
    }

    protected async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await DisposeAsync();
        _worker = await Fixture.StartWorkerAsync(settings);
    }

    /// <summary>Commits a project that needs no installation and builds by this command.</summary>
    protected void CommitBuild(string command)
    {
        Repository.Write("build.sh", command);
        Repository.Write("package.json", """{"scripts":{"build":"bash build.sh"}}""");
        Repository.Commit("Build");
    }

    protected async Task<Deployment> BuildAsync(Action<Deployment>? configure = null, Guid? projectId = null, TimeSpan? timeout = null) =>
        await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, Repository.Url, configure: configure, projectId: projectId), timeout);

    protected async Task<List<string>> LinesAsync(Guid id) => [.. (await Fixture.ReadLogAsync(id)).Select(line => line.Message)];

    protected Task<bool> CancelAsync(Guid id) => Fixture.CancelAsync(Services, id);

    /// <summary>Waits until the log holds a line so many times; a store that is away is waited for.</summary>
    protected Task UntilLinesAsync(Guid id, string line, int count) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await LinesAsync(id)).Count(text => text == line) >= count;
            }
            catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException)
            {
                return false;
            }
        },
        TimeSpan.FromMinutes(2));

    protected async Task<bool> HasContainersAsync()
    {
        var mine = new Dictionary<string, string> { [ContainerLabels.Platform] = Fixture.Label };
        return (await Services.GetRequiredService<IContainerEngine>().ListAsync(mine, CancellationToken.None)).Count > 0;
    }

    protected Task ShouldLeaveNothingAsync() =>
        Eventually.TrueAsync(async () => !await HasContainersAsync() && !Fixture.WorkDirectories().Any(), TimeSpan.FromMinutes(2));
}
