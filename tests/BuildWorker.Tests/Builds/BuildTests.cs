using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Logs;
using Platform.Core.Artifacts;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments.Logs;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class BuildTests(BuildWorkerFixture fixture) : IClassFixture<BuildWorkerFixture>, IAsyncLifetime, IDisposable
{
    private readonly GitRepository _repository = new();
    private WebApplication? _worker;

    private IServiceProvider Services => _worker!.Services;

    public async Task InitializeAsync() => _worker = await fixture.StartWorkerAsync();

    [Fact]
    public async Task Plain_sample_is_published_as_it_is()
    {
        var id = await fixture.PlaceAsync(Services, "sample:plain-html");
        var deployment = await fixture.WaitForEndAsync(id);

        deployment.ShouldSatisfyAllConditions(
            row => row.Status.ShouldBe(DeploymentStatus.Success, row.ErrorMessage),
            row => SiteManifestJson.Read(row.Manifest!).Files.Keys.ShouldContain("index.html"),
            row => row.DeployedUrl.ShouldNotBeNull(),
            row => row.Stages.ShouldAllBe(stage => stage.Status == "completed"));
        await ShouldHaveGaplessLogAsync(id);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_that_fails_says_where_and_keeps_its_log()
    {
        var id = await fixture.PlaceAsync(Services, "sample:broken-build");
        var deployment = await fixture.WaitForEndAsync(id);

        deployment.Status.ShouldBe(DeploymentStatus.Failed);
        deployment.ErrorCode.ShouldBe(FailureCode.BuildFailed);
        deployment.ErrorMessage.ShouldNotBeNull().ShouldContain("npm run build");
        var log = await ShouldHaveGaplessLogAsync(id);
        log[^1].LogLevel.ShouldBe(BuildLog.Error);
        log.Count.ShouldBeGreaterThan(5);
        deployment.Stages.ShouldContain(stage => stage.StageName == DeploymentStatus.Failed);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Vite_sample_installs_builds_and_falls_back_to_its_page()
    {
        var id = await fixture.PlaceAsync(Services, "sample:vite-react");
        var deployment = await fixture.WaitForEndAsync(id, TimeSpan.FromMinutes(5));

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var manifest = SiteManifestJson.Read(deployment.Manifest!);
        manifest.SpaFallback.ShouldBeTrue();
        manifest.Files.Keys.ShouldContain(path => path.StartsWith("assets/", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal));
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Repository_is_cloned_with_its_commit_and_secrets_stay_out_of_the_log()
    {
        _repository.Write("package.json", """{"scripts":{"build":"node build.js"}}""");
        _repository.Write("build.js", """
            const fs = require('fs');
            console.log('key', process.env.API_KEY, Object.keys(process.env).filter(name => /DOTNET|ConnectionStrings|PLATFORM/.test(name)).length);
            fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', '<h1>built</h1>');
            """);
        var hash = _repository.Commit("Build it");

        var id = await fixture.PlaceAsync(Services, _repository.Url, variables: new Dictionary<string, string> { ["API_KEY"] = "very-secret-key" });
        var deployment = await fixture.WaitForEndAsync(id);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        deployment.CommitHash.ShouldBe(hash);
        deployment.CommitMessage.ShouldBe("Build it");
        deployment.Author.ShouldBe("Tester");
        var log = await ShouldHaveGaplessLogAsync(id);
        log.ShouldContain(line => line.Message == $"key {SecretMasker.Mask} 0");
        log.ShouldAllBe(line => !line.Message.Contains("very-secret-key"));
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Missing_branch_and_missing_repository_are_told_apart()
    {
        _repository.Write("index.html", "x");
        _repository.Commit("Start");

        var branch = await fixture.WaitForEndAsync(await fixture.PlaceAsync(Services, _repository.Url, "nowhere"));
        var repository = await fixture.WaitForEndAsync(await fixture.PlaceAsync(Services, "file:///nowhere/at/all.git"));
        var server = await fixture.WaitForEndAsync(await fixture.PlaceAsync(Services, "https://127.0.0.1:1/owner/name"));

        branch.ErrorCode.ShouldBe(FailureCode.BranchNotFound);
        repository.ErrorCode.ShouldBe(FailureCode.RepositoryNotFound);
        server.ErrorCode.ShouldBe(FailureCode.RepositoryUnreachable);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Cancelled_build_ends_its_container_and_its_row()
    {
        var id = await PlaceEndlessAsync();
        var running = await fixture.WaitAsync(id, row => row.Status == DeploymentStatus.Building);
        await Eventually.TrueAsync(async () => (await fixture.ReadLogAsync(id)).Exists(line => line.Message == "waiting"), TimeSpan.FromMinutes(3));

        (await Services.GetRequiredService<IJobQueue>().CancelAsync(running.JobId!.Value, CancellationToken.None)).ShouldBeTrue();
        var deployment = await fixture.WaitForEndAsync(id);

        deployment.Status.ShouldBe(DeploymentStatus.Cancelled);
        (await ShouldHaveGaplessLogAsync(id))[^1].Message.ShouldBe("Cancelled.");
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Next_build_starts_when_the_running_one_is_cancelled()
    {
        await using var single = await RestartAsync(("Build:Concurrency", "1"));
        var id = await PlaceEndlessAsync();
        await Eventually.TrueAsync(async () => (await fixture.ReadLogAsync(id)).Exists(line => line.Message == "waiting"), TimeSpan.FromMinutes(3));
        var next = await fixture.PlaceAsync(Services, "sample:plain-html");
        var jobs = Services.GetRequiredService<IJobQueue>();
        await using var db = fixture.CreateContext();
        var waiting = db.Deployments.Single(row => row.Id == next);
        (await jobs.GetPositionAsync(waiting.JobId!.Value, CancellationToken.None)).ShouldBe(1);

        var cancelled = await fixture.WaitAsync(id, _ => true);
        await jobs.CancelAsync(cancelled.JobId!.Value, CancellationToken.None);

        (await fixture.WaitForEndAsync(id)).Status.ShouldBe(DeploymentStatus.Cancelled);
        (await fixture.WaitForEndAsync(next)).Status.ShouldBe(DeploymentStatus.Success);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_over_its_memory_is_named_so()
    {
        _repository.Write("package.json", """{"scripts":{"build":"node -e \"const a=[];for(;;)a.push(Buffer.alloc(16777216,1))\""}}""");
        _repository.Commit("Eat");
        await using var small = await RestartAsync(("Build:MemoryBytes", "134217728"));

        var deployment = await fixture.WaitForEndAsync(await fixture.PlaceAsync(Services, _repository.Url));

        deployment.ErrorCode.ShouldBe(FailureCode.OutOfMemory);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_over_its_disk_or_its_time_is_ended()
    {
        _repository.Write("package.json", """{"scripts":{"build":"dd if=/dev/zero of=a bs=1M count=40 && cp a b && sleep 600"}}""");
        _repository.Commit("Fill");
        await using var small = await RestartAsync(("Build:DiskLimitBytes", "67108864"), ("Build:DiskCheckInterval", "00:00:01"));
        var disk = await fixture.WaitForEndAsync(await fixture.PlaceAsync(Services, _repository.Url));
        disk.ErrorCode.ShouldBe(FailureCode.DiskFull);

        await using var quick = await RestartAsync(("Build:Timeout", "00:00:20"));
        var time = await fixture.WaitForEndAsync(await PlaceEndlessAsync());
        time.ErrorCode.ShouldBe(FailureCode.TimedOut);
        time.ErrorLine.ShouldNotBeNullOrEmpty();
        await ShouldLeaveNothingAsync();
    }

    public async Task DisposeAsync()
    {
        await _worker!.StopAsync(CancellationToken.None);
        await _worker.DisposeAsync();
    }

    public void Dispose() => _repository.Dispose();

    private async Task<Guid> PlaceEndlessAsync()
    {
        _repository.Write("package.json", """{"scripts":{"build":"echo waiting; sleep 600"}}""");
        _repository.Commit("Wait");
        return await fixture.PlaceAsync(Services, _repository.Url);
    }

    private async Task<WebApplication> RestartAsync(params (string, string)[] settings)
    {
        await _worker!.StopAsync(CancellationToken.None);
        await _worker.DisposeAsync();
        return _worker = await fixture.StartWorkerAsync(settings);
    }

    private async Task<List<DeploymentLog>> ShouldHaveGaplessLogAsync(Guid id)
    {
        var log = await fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        return log;
    }

    private async Task ShouldLeaveNothingAsync()
    {
        var engine = Services.GetRequiredService<IContainerEngine>();
        var mine = new Dictionary<string, string> { [ContainerLabels.Platform] = fixture.Label };
        await Eventually.TrueAsync(async () => (await engine.ListAsync(mine, CancellationToken.None)).Count == 0 && !fixture.WorkDirectories().Any(), TimeSpan.FromMinutes(2));
    }
}
