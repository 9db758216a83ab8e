using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Platform.BuildWorker.Builds;
using Platform.Core.Containers;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.Tests.Builds;

public sealed class LeasedContainersTests : IDisposable
{
    private static readonly Guid Job = Guid.NewGuid();
    private readonly TemporaryDirectory _locks = new();
    private readonly WorkerIdentity _identity;
    private readonly IJobQueue _jobs = Substitute.For<IJobQueue>();

    public LeasedContainersTests() => _identity = new WorkerIdentity(Options.Create(new ContainerOptions { Platform = "leased", LockDirectory = _locks.Path }));

    public void Dispose()
    {
        _identity.Dispose();
        _locks.Dispose();
    }

    [Theory]
    [InlineData(JobState.Running, false)]
    [InlineData(JobState.Queued, true)]
    [InlineData(JobState.Succeeded, true)]
    [InlineData(JobState.Cancelled, true)]
    [InlineData(JobState.Dead, true)]
    public async Task Container_of_a_build_lives_as_long_as_the_lease_of_its_job(JobState state, bool orphan)
    {
        _jobs.FindAsync(Job, Arg.Any<CancellationToken>()).Returns(new JobInfo(Job, "build-deployment", "deployments", state, 1, 3, default, null));

        // Its worker lives, here or on another machine.
        (await IsOrphanAsync(_identity.Name)).ShouldBe(orphan);
        (await IsOrphanAsync("elsewhere/worker/0/abc")).ShouldBe(orphan);
    }

    [Fact]
    public async Task What_a_dead_process_of_this_machine_made_does_not_wait_for_its_lease()
    {
        _jobs.FindAsync(Job, Arg.Any<CancellationToken>()).Returns(new JobInfo(Job, "build-deployment", "deployments", JobState.Running, 1, 3, default, null));
        var dead = _identity.Name[..(_identity.Name.LastIndexOf('/') + 1)] + "before";

        (await IsOrphanAsync(dead)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_taken_on_a_guess()
    {
        // A job that nobody knows, a container of another kind, a label that is none, a database that is away.
        (await IsOrphanAsync(_identity.Name)).ShouldBeFalse();
        (await IsOrphanAsync(_identity.Name, kind: "sandbox")).ShouldBeFalse();
        (await IsOrphanAsync(_identity.Name, job: "x")).ShouldBeFalse();
        _jobs.FindAsync(Job, Arg.Any<CancellationToken>()).ThrowsAsync(Substitute.For<DbException>());
        (await IsOrphanAsync(_identity.Name)).ShouldBeFalse();
    }

    private async Task<bool> IsOrphanAsync(string worker, string kind = BuildContainer.Kind, string? job = null) =>
        await new LeasedContainers(_identity, _jobs, NullLogger<LeasedContainers>.Instance).IsOrphanAsync(
            new Dictionary<string, string> { [ContainerLabels.Kind] = kind, [ContainerLabels.Worker] = worker, [ContainerLabels.Job] = job ?? Job.ToString() },
            CancellationToken.None);
}
