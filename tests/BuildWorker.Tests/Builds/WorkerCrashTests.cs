using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Builds;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>A worker as a process of its own, killed without a chance to say anything.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class WorkerCrashTests(BuildWorkerFixture fixture) : IClassFixture<BuildWorkerFixture>, IAsyncLifetime, IDisposable
{
    // The start of a process and a whole build lie in between, on a machine that may be busy with something else.
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(4);
    private readonly GitRepository _repository = new();
    private readonly List<Process> _workers = [];
    private WebApplication? _services;

    public Task InitializeAsync()
    {
        _services = fixture.Build([], serve: false);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Next_worker_finishes_what_a_killed_one_left_and_the_log_goes_on()
    {
        // The first run waits to be killed; the second one finds the pushed change and ends.
        _repository.Write("package.json", """{"scripts":{"build":"echo waiting; sleep 600"}}""");
        _repository.Commit("Wait");
        var killed = StartWorker();
        var id = await fixture.PlaceAsync(_services!.Services, _repository.Url);
        await Eventually.TrueAsync(async () => (await fixture.ReadLogAsync(id)).Exists(line => line.Message == "waiting"), RecoveryLimit);
        killed.Kill();
        await killed.WaitForExitAsync(CancellationToken.None);
        _repository.Write("package.json", """{"scripts":{"build":"mkdir dist && echo done > dist/index.html"}}""");
        _repository.Commit("Finish");

        StartWorker();
        var deployment = await fixture.WaitForEndAsync(id, RecoveryLimit);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var log = await fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        log.ShouldContain(line => line.Message.StartsWith("The previous worker stopped", StringComparison.Ordinal));
        log[^1].Message.ShouldStartWith("Deployment successful");
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Deployment_that_kills_every_worker_fails_in_the_end()
    {
        _repository.Write("package.json", """{"scripts":{"build":"echo waiting; sleep 600"}}""");
        _repository.Commit("Wait");
        var id = await fixture.PlaceAsync(_services!.Services, _repository.Url);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var worker = StartWorker();
            var expected = attempt;
            await Eventually.TrueAsync(
                async () => (await fixture.ReadLogAsync(id)).Count(line => line.Message == "waiting") == expected, RecoveryLimit);
            worker.Kill();
            await worker.WaitForExitAsync(CancellationToken.None);
        }

        StartWorker();
        var deployment = await fixture.WaitForEndAsync(id, RecoveryLimit);

        deployment.Status.ShouldBe(DeploymentStatus.Failed);
        deployment.ErrorCode.ShouldBe(FailureCode.WorkerLost);
        (await fixture.ReadLogAsync(id))[^1].Message.ShouldContain(FailureCode.WorkerLost);
        await ShouldLeaveNothingAsync();
    }

    public async Task DisposeAsync() => await _services!.DisposeAsync();

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            // Nothing happens to one that has ended.
            worker.Kill();
            worker.WaitForExit();
            worker.Dispose();
        }

        _repository.Dispose();
    }

    private async Task ShouldLeaveNothingAsync()
    {
        var engine = _services!.Services.GetRequiredService<IContainerEngine>();
        var mine = new Dictionary<string, string> { [ContainerLabels.Platform] = fixture.Label };
        await Eventually.TrueAsync(async () => (await engine.ListAsync(mine, CancellationToken.None)).Count == 0 && !fixture.WorkDirectories().Any(), RecoveryLimit);
    }

    private Process StartWorker()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.BuildWorker.dll")]) { UseShellExecute = false };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in fixture.Settings()) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        _workers.Add(process);
        return process;
    }
}
