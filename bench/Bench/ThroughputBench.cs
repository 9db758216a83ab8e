using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.Bench;

/// <summary>Runs per second that many callers at once get, each in a sandbox of its own, beside how fast such containers come and go at all.</summary>
internal sealed class ThroughputBench(SandboxFactory factory, HttpClient http)
{
    private const int Callers = 8;
    private const int Makers = 4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    private readonly Language _python = LanguageCatalog.Load("languages.yaml").Find("python")!;

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        // Both before and after: the machine may have become slower meanwhile.
        var before = await RateAsync(Makers, ChurnAsync, TimeSpan.Zero, cancellationToken);
        var measured = await RateAsync(Callers, RunOverHttpAsync, WarmUp, cancellationToken);
        var after = await RateAsync(Makers, ChurnAsync, TimeSpan.Zero, cancellationToken);
        table.AddRate("Sustained fresh runs over HTTP (floor: create, start, remove)", (before + after) / 2, measured, goal: 0.8);
    }

    private static async Task<double> RateAsync(int workers, Func<CancellationToken, Task> once, TimeSpan warmUp, CancellationToken cancellationToken)
    {
        var done = 0;
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            while (began.Elapsed < warmUp + Duration)
            {
                await once(cancellationToken);
                if (began.Elapsed > warmUp && began.Elapsed <= warmUp + Duration) Interlocked.Increment(ref done);
            }
        }));
        return done / Duration.TotalSeconds;
    }

    private async Task ChurnAsync(CancellationToken cancellationToken)
    {
        await using var sandbox = await factory.StartAsync(_python, cancellationToken);
    }

    private async Task RunOverHttpAsync(CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "print(6 * 7)" }, cancellationToken);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), cancellationToken);
            return;
        }

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        if (!response.IsSuccessStatusCode || answer.GetProperty("stdout").GetString() != "42\n") throw new InvalidOperationException($"A run failed: {answer}");
    }
}
