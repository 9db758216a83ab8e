using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Execution;
using Platform.Core.Execution;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Api.Tests.Piston;

/// <summary>A published client, installed from npm in a pinned version, works with the facade as it is.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Npm")]
public sealed class PistonClientTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("piston-client-");

    [Fact]
    public async Task A_published_client_runs_code_and_types_to_it()
    {
        fixture.Workers.On("greets", async (worker, _) =>
        {
            var input = await worker.ReceiveAsync();
            await worker.SendAsync(RunMessageKind.Stdout, [.. "hello "u8, .. input.Payload.Span]);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        fixture.Workers.On("converses", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            var input = await worker.ReceiveAsync();
            await worker.SendAsync(RunMessageKind.Stdout, [.. "heard "u8, .. input.Payload.Span]);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var state = new WorkerState(["python"], [], [], TimeProvider.System.GetUtcNow().AddMinutes(5));
        await fixture.Api.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase()
            .HashSetAsync(WorkerState.Key, "test", JsonSerializer.Serialize(state, WorkerState.JsonOptions));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "tests", "Api.Tests", "Piston", "client")))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));

        await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        var seen = JsonElement.Parse(await RunAsync("node", "client.cjs", fixture.Api.Address.OriginalString));

        seen.GetProperty("languages").EnumerateArray().Select(language => language.GetString()).ShouldBe(["python"]);
        seen.GetProperty("run").GetProperty("stdout").GetString().ShouldBe("hello from npm");
        seen.GetProperty("refused").GetString().ShouldBe("API Error: python-1.x runtime is unknown");
        var session = seen.GetProperty("session");
        session.GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()).ShouldBe(["run"]);
        (session.GetProperty("output").GetString(), session.GetProperty("code").GetInt32()).ShouldBe(("heard typed\n", 0));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, $"{command}: {errors}");
            return output;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
