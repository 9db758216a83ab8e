using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Platform.AppHost.Local.Networking;
using Platform.AppHost.Local.Orchestration;
using Platform.AppHost.Local.State;
using Platform.Testing;

namespace Platform.AppHost.Tests.Networking;

public sealed class PortTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void A_port_that_someone_listens_on_is_not_free(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();

        Ports.IsFree(((IPEndPoint)listener.LocalEndpoint).Port).ShouldBeFalse();
    }

    [Fact]
    public void A_chosen_port_is_free() => Ports.IsFree(Ports.ChooseFree()).ShouldBeTrue();

    [Fact]
    public void A_taken_port_is_reported_with_the_setting_that_moves_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddExecutable("build-worker", "sh", ".").WithHttpEndpoint(port: port);

        var exception = Should.Throw<AppHostException>(() => PortPlan.Allocate(builder.Resources, new StateStore(_directory.Path)));

        exception.Reason.ShouldBe(ExitReason.PortInUse);
        exception.Message.ShouldContain($"Port {port}");
        exception.Message.ShouldContain("BUILD_WORKER_PORT");
    }

    [Fact]
    public void Two_resources_cannot_have_one_port()
    {
        var port = FreePorts.Take();
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddExecutable("one", "sh", ".").WithHttpEndpoint(port: port);
        builder.AddExecutable("two", "sh", ".").WithHttpEndpoint(port: port);

        Should.Throw<AppHostException>(() => PortPlan.Allocate(builder.Resources, new StateStore(_directory.Path))).Message.ShouldContain("TWO_PORT");
    }
}
