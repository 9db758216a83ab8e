using Platform.AppHost.Local.State;

namespace Platform.AppHost.Tests.State;

public sealed class StateTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory[".data"];

    private string System => _directory["system"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_generated_value_is_kept_in_a_file_that_only_its_owner_reads()
    {
        var first = new StateStore(Data).GetOrAddParameter("password", () => "generated");
        var second = new StateStore(Data).GetOrAddParameter("password", () => "another");

        second.ShouldBe(first);
        File.GetUnixFileMode(Path.Combine(Data, "apphost", "state.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(Data, "apphost")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_port_is_kept_as_long_as_it_is_free()
    {
        new StateStore(Data).GetOrAddPort("api/http", _ => true, () => 4001).ShouldBe(4001);
        new StateStore(Data).GetOrAddPort("api/http", _ => true, () => 4002).ShouldBe(4001);
        new StateStore(Data).GetOrAddPort("api/http", port => port != 4001, () => 4003).ShouldBe(4003);
    }

    [Fact]
    public void Two_endpoints_never_share_a_port()
    {
        var store = new StateStore(Data);
        var choices = new Queue<int>([4001, 4001, 4002]);

        store.GetOrAddPort("api/http", _ => true, choices.Dequeue).ShouldBe(4001);
        store.GetOrAddPort("web/http", _ => true, choices.Dequeue).ShouldBe(4002);
    }

    [Fact]
    public void A_damaged_file_is_not_overwritten()
    {
        _ = new StateStore(Data);
        File.WriteAllText(Path.Combine(Data, "apphost", "state.json"), "{");

        Should.Throw<AppHostException>(() => new StateStore(Data)).Message.ShouldContain("state.json");
        File.ReadAllText(Path.Combine(Data, "apphost", "state.json")).ShouldBe("{");
    }

    [Fact]
    public void One_data_directory_serves_one_host()
    {
        var directory = new StateStore(Data).Directory;
        using (InstanceLock.Take(directory))
        {
            Should.Throw<AppHostException>(() => InstanceLock.Take(directory)).Reason.ShouldBe(ExitReason.AlreadyRunning);
        }

        using var again = InstanceLock.Take(directory);
    }

    [Fact]
    public void Without_root_the_stores_lie_in_the_data_directory()
    {
        var directory = new StateStore(Data).Directory;

        directory.CreateStores(asRoot: false, System).ShouldBe(Data);
        Directory.Exists(System).ShouldBeFalse();
    }

    [Fact]
    public void As_root_the_stores_lie_outside_with_a_link()
    {
        var directory = new StateStore(Data).Directory;

        var stores = directory.CreateStores(asRoot: true, System);

        Path.GetDirectoryName(stores).ShouldBe(System);
        new FileInfo(Path.Combine(Data, "stores")).LinkTarget.ShouldBe(stores);
        directory.CreateStores(asRoot: true, System).ShouldBe(stores);
    }

    [Fact]
    public void A_moved_checkout_takes_its_data_along()
    {
        var first = new StateStore(_directory["first/.data"]).Directory.CreateStores(asRoot: true, System);
        File.WriteAllText(Path.Combine(first, "content"), "mine");
        Directory.Move(_directory["first"], _directory["second"]);

        var second = new StateStore(_directory["second/.data"]).Directory.CreateStores(asRoot: true, System);

        second.ShouldNotBe(first);
        File.ReadAllText(Path.Combine(second, "content")).ShouldBe("mine");
        Directory.Exists(first).ShouldBeFalse();
    }

    [Fact]
    public void A_copied_checkout_does_not_take_the_data_of_the_original()
    {
        var first = new StateStore(_directory["first/.data"]).Directory.CreateStores(asRoot: true, System);
        File.WriteAllText(Path.Combine(first, "content"), "mine");
        _ = new StateStore(_directory["second/.data"]);
        Directory.CreateSymbolicLink(_directory["second/.data/stores"], first);

        var second = new StateStore(_directory["second/.data"]).Directory.CreateStores(asRoot: true, System);

        second.ShouldNotBe(first);
        File.Exists(Path.Combine(second, "content")).ShouldBeFalse();
        File.Exists(Path.Combine(first, "content")).ShouldBeTrue();
    }
}
