using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.Bench;

/// <summary>
/// A Python one-liner over HTTP, from request to answer, beside the same line in a ready container with the supervisor as PID 1. The two
/// take turns, so that both see the same machine; between samples the pool may fill again, as the floor's container is made outside of the clock.
/// </summary>
internal sealed class ExecutionBench(BenchArguments arguments)
{
    private const string Code = "print(6 * 7)";
    private const int WarmUp = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Language _python = LanguageCatalog.Load("languages.yaml").Find("python")
        ?? throw new InvalidOperationException("The catalogue has no Python.");

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = arguments.Api };
        await using var account = await BenchAccount.SignUpAsync(http, cancellationToken);
        using var identity = new WorkerIdentity(Options.Create(new ContainerOptions()));
        using var factory = CreateFactory(identity);

        Samples floor = new(), measured = new(), program = new();
        for (var i = -WarmUp; i < arguments.Samples; i++)
        {
            var bare = await RunBareAsync(factory, cancellationToken);
            await Task.Delay(Pause, cancellationToken);
            var (elapsed, inside) = await RunOverHttpAsync(http, cancellationToken);
            await Task.Delay(Pause, cancellationToken);
            if (i < 0) continue;
            floor.Add(bare);
            measured.Add(elapsed);
            program.Add(inside);
        }

        table.AddRatio("Python one-liner, HTTP request to answer", floor, measured, goal: 2.0, tail: 4.0);
        table.AddFact("  of which inside the sandbox", program);
        // How much of the tail is the machine's.
        table.AddFact("  the floor by itself", floor);
        if (!arguments.Runs("execution")) return;
        await new SandboxBench(factory, arguments).RunAsync(table, cancellationToken);
        await new ThroughputBench(factory, http).RunAsync(table, cancellationToken);
        await new LanguageBench(factory, http, arguments).RunAsync(table, cancellationToken);
    }

    private static SandboxFactory CreateFactory(WorkerIdentity identity)
    {
        var containers = Options.Create(new ContainerOptions());
        var engine = ContainerEngineExtensions.Create(containers.Value, TimeProvider.System);
        return new SandboxFactory(engine, new SandboxLabels(containers, identity), new SandboxRegistry(), Options.Create(new ExecutionWorkerOptions { StartConcurrency = 4 }), TimeProvider.System);
    }

    private async Task<TimeSpan> RunBareAsync(SandboxFactory factory, CancellationToken cancellationToken)
    {
        await using var sandbox = await factory.StartAsync(_python, cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        return await BareRun.MeasureAsync(sandbox, _python, Code, "42\n", cancellationToken);
    }

    private static async Task<(TimeSpan Elapsed, TimeSpan Inside)> RunOverHttpAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await http.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = Code }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        if (!response.IsSuccessStatusCode || answer.GetProperty("stdout").GetString() != "42\n")
            throw new InvalidOperationException($"The run failed with {(int)response.StatusCode}: {answer}");
        return (elapsed, TimeSpan.FromMilliseconds(answer.GetProperty("timeMs").GetDouble()));
    }
}
