using Platform.Testing;

namespace Platform.AppHost.Tests.Hosts;

[Trait("Category", "Integration")]
public sealed class HostLifetimeTests : IDisposable
{
    // A child, and a grandchild that the child does not take along by itself.
    private const string Family = "tree=echo child:$$; sleep 1000 & echo grandchild:$!; wait";
    private const string Stubborn = "tree=trap '' TERM INT; echo child:$$; sleep 1000 & echo grandchild:$!; while :; do wait; sleep 1; done";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public async Task A_signal_ends_the_host_and_all_that_it_started(string signal)
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", Family);
        var pids = new[] { await host.NumberAsync("| child:"), await host.NumberAsync("grandchild:") };
        await host.LineAsync("Everything is healthy");
        pids.ShouldAllBe(pid => HostProcess.IsAlive(pid));

        host.Send(signal);

        (await host.ExitCodeAsync()).ShouldBe(0);
        await Eventually.TrueAsync(() => !pids.Any(HostProcess.IsAlive));
    }

    [Fact]
    public async Task A_killed_host_leaves_nothing_behind()
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", Family);
        var pids = new[] { await host.NumberAsync("| child:"), await host.NumberAsync("grandchild:") };

        host.Send("KILL");

        await Eventually.TrueAsync(() => !pids.Any(HostProcess.IsAlive));
        (await host.ExitCodeAsync()).ShouldBe(137);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task What_does_not_stop_when_asked_is_killed(string signal)
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", Stubborn);
        var pids = new[] { await host.NumberAsync("| child:"), await host.NumberAsync("grandchild:") };
        await host.LineAsync("Everything is healthy");

        host.Send(signal);

        await host.ExitCodeAsync();
        await Eventually.TrueAsync(() => !pids.Any(HostProcess.IsAlive));
    }

    [Fact]
    public async Task A_start_after_a_kill_waits_for_what_the_killed_host_had_started()
    {
        await using var first = HostProcess.Start(_directory.Path, "--shell", Stubborn);
        var pids = new[] { await first.NumberAsync("| child:"), await first.NumberAsync("grandchild:") };
        var watchdog = int.Parse(await File.ReadAllTextAsync(_directory["apphost/watchdog.pid"]), System.Globalization.CultureInfo.InvariantCulture);
        // It goes on when the next host waits for it, however long that one takes to start.
        HostProcess.Send("STOP", watchdog);
        first.Send("KILL");
        await first.ExitCodeAsync();

        await using var second = HostProcess.Start(_directory.Path, "--shell", Family);
        await second.LineAsync("Waiting for the processes of the last start to end.");
        pids.ShouldAllBe(pid => HostProcess.IsAlive(pid));
        HostProcess.Send("CONT", watchdog);
        await second.LineAsync("| child:");

        pids.ShouldAllBe(pid => !HostProcess.IsAlive(pid));
    }

    [Fact]
    public async Task A_watchdog_that_is_killed_is_replaced()
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", "crash=echo again:$$; sleep 0.5; exit 1", "--shell", Family);
        await host.LineAsync("| child:");
        var file = _directory["apphost/watchdog.pid"];
        var first = await File.ReadAllTextAsync(file);
        HostProcess.Send("KILL", int.Parse(first, System.Globalization.CultureInfo.InvariantCulture));

        // The host tells it of every start and end, and the short one starts again and again.
        await Eventually.TrueAsync(async () => await File.ReadAllTextAsync(file) is { Length: > 0 } now && now != first);
        // What is started afterwards, and its first line, come when the new one has learned of all.
        await host.LineAsync("| again:", host.Output.Split("| again:").Length + 1);
        var pids = new[] { await host.NumberAsync("| child:"), await host.NumberAsync("grandchild:") };
        host.Send("KILL");

        await Eventually.TrueAsync(() => !pids.Any(HostProcess.IsAlive));
    }

    [Fact]
    public async Task The_dashboards_commands_stop_and_start_a_process()
    {
        var port = FreePorts.Take();
        await using var host = HostProcess.Start(_directory.Path, $"--DASHBOARD_PORT={port}", "--shell", Family, "--dashboard");
        await host.LineAsync("Everything is healthy");
        var first = await host.NumberAsync("| child:");

        (await CommandAsync(port, "stop")).ShouldContain("\"Exited\"");
        HostProcess.IsAlive(first).ShouldBeFalse();
        await CommandAsync(port, "start");
        await host.LineAsync("| child:", count: 2);
        await CommandAsync(port, "restart");
        await host.LineAsync("| child:", count: 3);
    }

    [Fact]
    public async Task What_crashed_is_started_again_and_the_log_says_so()
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", "crash=echo run:$$; sleep 0.3; exit 3");

        await host.LineAsync("ended with code 3; starting it again in 1 s");
        await host.LineAsync("run:", count: 2);
        await host.LineAsync("ended with code 3; starting it again in 2 s");
    }

    [Fact]
    public async Task What_has_done_its_work_is_not_started_again()
    {
        await using var host = HostProcess.Start(_directory.Path, "--shell", "job=echo run:$$");

        await host.LineAsync("Everything is healthy");
        host.Send("TERM");

        (await host.ExitCodeAsync()).ShouldBe(0);
        host.Output.Split("run:").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_what_to_do()
    {
        await using var host = HostProcess.Start(_directory.Path, "--program", "tool=no-such-program");

        (await host.ExitCodeAsync()).ShouldBe(3);
        await host.LineAsync("The program 'no-such-program' was not found. './platform setup' installs what is missing.");
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_setting_that_moves_it()
    {
        var port = FreePorts.Take();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        listener.Start();
        await using var host = HostProcess.Start(_directory.Path, "--port", $"web={port}");

        (await host.ExitCodeAsync()).ShouldBe(4);
        (await host.LineAsync($"Port {port}")).ShouldContain("WEB_PORT");
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_is_refused()
    {
        await using var first = HostProcess.Start(_directory.Path, "--shell", Family);
        await first.LineAsync("Everything is healthy");
        await using var second = HostProcess.Start(_directory.Path, "--shell", Family);

        (await second.ExitCodeAsync()).ShouldBe(5);
        await second.LineAsync("already runs");
    }

    private static async Task<string> CommandAsync(int port, string command)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://localhost:{port}/api/resources/tree/{command}"));
        request.Headers.Add("Origin", $"http://localhost:{port}");
        request.Headers.Add("X-Dashboard-Request", "1");
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}
