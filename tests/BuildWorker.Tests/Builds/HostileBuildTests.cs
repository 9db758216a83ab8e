using Platform.BuildWorker.Builds;
using Platform.Core.Data.Entities;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>Builds that mean harm: each ends with its reason, and meanwhile the worker serves others.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class HostileBuildTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    [Fact]
    public async Task Build_sees_nothing_of_the_host_and_can_write_nowhere_else()
    {
        CommitBuild("""
            echo "user $(id -u)"
            echo "socket $(ls /var/run/docker.sock /run/docker.sock 2>/dev/null | wc -l)"
            echo "shadow $(cat /etc/shadow 2>/dev/null | wc -c)"
            echo "host $(cat /proc/[0-9]*/comm 2>/dev/null | grep -c -e dotnet -e postgres -e dockerd)"
            echo "capabilities $(grep CapEff /proc/self/status | cut -f2)"
            echo "root $(touch /x 2>&1 | grep -c Read-only)"
            echo "setuid $(find / -xdev -perm /6000 -type f 2>/dev/null | wc -l)"
            ls -la / /workspace > /dev/null; mkdir dist; echo ok > dist/index.html
            """);

        var deployment = await BuildAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var lines = await LinesAsync(deployment.Id);
        lines.ShouldContain("user 1000");
        lines.ShouldContain("socket 0");
        lines.ShouldContain("shadow 0");
        lines.ShouldContain("host 0");
        lines.ShouldContain("capabilities 0000000000000000");
        lines.ShouldContain("root 1");
        lines.ShouldContain("setuid 0");
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_without_dependencies_has_no_network_and_its_failure_says_so()
    {
        CommitBuild("node -e \"require('net').connect(443, 'registry.example.org').on('error', e => { console.log(e.code); process.exit(1) })\"");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.NetworkBlocked, string.Join('\n', await LinesAsync(deployment.Id)));
        deployment.ErrorHint.ShouldNotBeNull().ShouldContain("no network");
        deployment.ErrorLine.ShouldNotBeNull().ShouldContain("EAI_AGAIN");
    }

    [Fact]
    public async Task Fork_bomb_is_bounded_and_others_are_served_meanwhile()
    {
        await RestartAsync(("Build:Timeout", "00:00:15"), ("Build:Pids", "200"));
        CommitBuild("echo bomb; b() { b | b & }; b; sleep 600");
        var bomb = await Fixture.PlaceAsync(Services, Repository.Url);
        await Fixture.WaitAsync(bomb, row => row.Status == DeploymentStatus.Building);

        var other = await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, "sample:plain-html"));
        other.Status.ShouldBe(DeploymentStatus.Success, other.ErrorMessage);

        (await Fixture.WaitForEndAsync(bomb)).ErrorCode.ShouldBeOneOf(FailureCode.TimedOut, FailureCode.BuildFailed);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Fast_writer_is_stopped_soon_after_its_limit()
    {
        await RestartAsync(("Build:DiskLimitBytes", "134217728"), ("Build:DiskCheckInterval", "00:01:00"));
        CommitBuild("for i in $(seq 1 4000); do head -c 16777216 /dev/zero > part$i; echo $i; done; sleep 60");

        var deployment = await BuildAsync();

        // Nothing looks before a minute has passed but for the free space of the file system.
        deployment.ErrorCode.ShouldBe(FailureCode.DiskFull, deployment.ErrorMessage);
        deployment.ErrorMessage.ShouldNotBeNull().ShouldContain("128 MiB");
        Console.WriteLine(deployment.ErrorMessage);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_does_not_begin_on_a_disk_that_is_almost_full_and_plain_files_are_published_all_the_same()
    {
        await RestartAsync(("Build:DiskReserveBytes", "1000000000000000"));
        CommitBuild("echo begun; mkdir dist; echo ok > dist/index.html");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.DiskFull, deployment.ErrorMessage);
        deployment.ErrorMessage.ShouldNotBeNull().ShouldContain("almost full");
        (await LinesAsync(deployment.Id)).ShouldNotContain("begun");
        (await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, "sample:plain-html"))).Status.ShouldBe(DeploymentStatus.Success);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Secret_in_a_command_is_in_neither_log_nor_error()
    {
        Repository.Write("readme", "x");
        Repository.Commit("Empty");
        var id = await Fixture.PlaceAsync(
            Services, Repository.Url, variables: new Dictionary<string, string> { ["API_KEY"] = "very-secret-key" }, configure: row => row.BuildCommand = "echo very-secret-key; false");

        var deployment = await Fixture.WaitForEndAsync(id);

        deployment.ErrorMessage.ShouldNotBeNull().ShouldContain("echo ••••••");
        deployment.ErrorLine.ShouldNotBeNull().ShouldNotContain("very-secret-key");
        (await LinesAsync(id)).ShouldNotContain(line => line.Contains("very-secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Flood_of_files_is_stopped()
    {
        await RestartAsync(("Build:MaxFiles", "20000"), ("Build:DiskCheckInterval", "00:00:00.2"));
        CommitBuild("node -e \"const fs = require('fs'); for (let i = 0; ; i++) { if (i % 1000 == 0) fs.mkdirSync('d' + i); fs.writeFileSync('d' + (i - i % 1000) + '/' + i, '') }\"");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.DiskFull, deployment.ErrorMessage);
        deployment.ErrorMessage.ShouldNotBeNull().ShouldContain("20000 files");
        Console.WriteLine(deployment.ErrorMessage);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Flood_of_output_is_cut_and_ends_with_the_time()
    {
        await RestartAsync(("Build:MaxLogLines", "2000"), ("Build:Timeout", "00:00:10"));
        CommitBuild("yes 'a line of a flood'");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.TimedOut);
        var lines = await LinesAsync(deployment.Id);
        lines.Count.ShouldBeLessThan(2020);
        lines.ShouldContain(line => line.Contains("is not kept", StringComparison.Ordinal));
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Output_over_its_limit_is_refused()
    {
        await RestartAsync(("Build:MaxOutputBytes", "1048576"));
        CommitBuild("mkdir dist; echo x > dist/index.html; truncate -s 2M dist/large.bin");

        (await BuildAsync()).ErrorCode.ShouldBe(FailureCode.OutputTooLarge);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Pipes_in_the_output_are_left_out_and_links_out_of_it_are_refused()
    {
        CommitBuild("mkdir dist; echo x > dist/index.html; mkfifo dist/pipe");
        (await BuildAsync()).Status.ShouldBe(DeploymentStatus.Success);

        CommitBuild("mkdir dist; echo x > dist/index.html; ln -s /etc/passwd dist/passwd");
        (await BuildAsync()).ErrorCode.ShouldBe(FailureCode.OutputRefused);

        CommitBuild("mkdir -p real; echo x > real/index.html; ln -s /etc dist");
        var linked = await BuildAsync(row => row.OutputDir = "dist");
        linked.ErrorCode.ShouldBe(FailureCode.NoOutput);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Tree_that_is_deeper_than_any_path_and_closed_is_deleted()
    {
        CommitBuild("""
            mkdir dist; echo x > dist/index.html
            (for i in $(seq 1 600); do mkdir 0123456789abcdef && cd 0123456789abcdef || exit; done)
            mkdir closed; touch closed/x; chmod 000 closed
            """);

        var deployment = await BuildAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task What_a_build_leaves_running_changes_nothing_any_more()
    {
        CommitBuild("mkdir dist; echo x > dist/index.html; (while :; do echo more > dist/more-$RANDOM.html; sleep 0.01; done) > /dev/null 2>&1 &");

        var deployment = await BuildAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        await ShouldLeaveNothingAsync();
    }
}
