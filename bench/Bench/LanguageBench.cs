using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.Bench;

/// <summary>Languages that compile, or start slowly, over HTTP; left out where their image is not there.</summary>
internal sealed class LanguageBench(SandboxFactory factory, HttpClient http, BenchArguments arguments)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly (string Language, string Code, double Milliseconds)[] Rows =
    [
        ("c", "#include <stdio.h>\nint main(void) { puts(\"42\"); }", 130),
        ("java", "class Main { public static void main(String[] args) { System.out.println(42); } }", 450),
    ];

    private readonly LanguageCatalog _catalog = LanguageCatalog.Load("languages.yaml");

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        var ready = await ReadyAsync(cancellationToken);
        foreach (var (id, code, milliseconds) in Rows)
        {
            if (_catalog.Find(id) is not { } language || !ready.Contains(id)) Console.Error.WriteLine($"{id}: left out, its image is not there");
            else await RunAsync(table, language, code, milliseconds, cancellationToken);
        }
    }

    private async Task RunAsync(ResultTable table, Language language, string code, double milliseconds, CancellationToken cancellationToken)
    {
        Samples floor = new(), measured = new();
        for (var i = -3; i < Math.Max(5, arguments.Samples / 3); i++)
        {
            TimeSpan bare;
            await using (var sandbox = await factory.StartAsync(language, cancellationToken))
            {
                await Task.Delay(Pause, cancellationToken);
                bare = await BareRun.MeasureAsync(sandbox, language, code, "42\n", cancellationToken);
            }

            await Task.Delay(Pause, cancellationToken);
            var elapsed = await RunOverHttpAsync(language, code, cancellationToken);
            await Task.Delay(Pause, cancellationToken);
            if (i < 0) continue;
            floor.Add(bare);
            measured.Add(elapsed);
        }

        table.AddLimit($"{language.Name}, HTTP request to answer", floor, measured, milliseconds);
    }

    private async Task<TimeSpan> RunOverHttpAsync(Language language, string code, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await http.PostAsJsonAsync("/api/execute/execute", new { language = language.Id, code }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        return response.IsSuccessStatusCode && answer.GetProperty("stdout").GetString() == "42\n"
            ? elapsed
            : throw new InvalidOperationException($"The run of {language.Name} failed: {answer}");
    }

    private async Task<HashSet<string>> ReadyAsync(CancellationToken cancellationToken)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>("/api/execute/languages", cancellationToken);
        return
        [
            .. answer.GetProperty("languages").EnumerateArray()
                .Where(language => language.GetProperty("ready").GetBoolean()).Select(language => language.GetProperty("id").GetString()!),
        ];
    }
}
