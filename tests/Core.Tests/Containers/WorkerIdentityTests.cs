using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers;

public sealed class WorkerIdentityTests : IDisposable
{
    private readonly ContainerOptions _options = new()
    {
        LockDirectory = Path.Combine(Path.GetTempPath(), $"identity-{Guid.NewGuid():N}"),
    };

    public void Dispose() => Directory.Delete(_options.LockDirectory!, recursive: true);

    [Fact]
    public void Processes_that_live_at_the_same_time_have_different_names_and_are_not_dead()
    {
        using var first = new WorkerIdentity(_options, "builder");
        using var second = new WorkerIdentity(_options, "builder");

        first.Name.ShouldNotBe(second.Name);
        first.IsDead(second.Name).ShouldBeFalse();
        second.IsDead(first.Name).ShouldBeFalse();
        first.IsDead(first.Name).ShouldBeFalse();
    }

    [Fact]
    public void A_process_that_ended_is_dead_for_the_others()
    {
        var gone = new WorkerIdentity(_options, "builder");
        using var other = new WorkerIdentity(_options, "runner");
        other.IsDead(gone.Name).ShouldBeFalse();

        gone.Dispose();

        other.IsDead(gone.Name).ShouldBeTrue();
    }

    [Fact]
    public void The_next_process_in_the_same_place_is_another_and_knows_that_the_last_is_dead()
    {
        string former;
        using (var before = new WorkerIdentity(_options, "builder")) former = before.Name;
        using var now = new WorkerIdentity(_options, "builder");

        now.Name.ShouldNotBe(former);
        now.IsDead(former).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("elsewhere/builder/0/abc")]
    [InlineData("{host}/../x/0/abc")]
    [InlineData("{host}/builder/-1/abc")]
    [InlineData("{host}/buil der/0/abc")]
    [InlineData("{host}/builder/0")]
    public void What_is_not_a_name_of_this_machine_is_never_called_dead(string pattern)
    {
        using var identity = new WorkerIdentity(_options, "runner");

        identity.IsDead(pattern.Replace("{host}", identity.Name.Split('/')[0])).ShouldBeFalse();
    }

    [Fact]
    public void Platforms_do_not_share_names()
    {
        using var ours = new WorkerIdentity(_options, "builder");
        using var theirs = new WorkerIdentity(new ContainerOptions { LockDirectory = _options.LockDirectory, Platform = "other" }, "builder");

        ours.Name[..^12].ShouldBe(theirs.Name[..^12]);
    }
}
