using System.Net.WebSockets;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Tests.Contract;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Security;

/// <summary>All hostile programs through the worker, each beside a neighbour that must not notice; run by <c>./platform test security</c>.</summary>
[Trait("Category", "Security")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class HostileSuiteTests(WorkerHarness worker)
{
    private const string Neighbour = "import time\nfor number in range(20):\n    print(number, flush=True)\n    time.sleep(0.02)";

    public static TheoryData<string> Ids => [.. HostilePrograms.All.Select(program => program.Id).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_hostile_program_gets_its_verdict_harms_nobody_and_leaves_nothing(string id)
    {
        var program = HostilePrograms.Get(id);
        var beside = worker.RunAsync(WorkerHarness.Python(Neighbour));

        var run = await worker.RunAsync(program.Request(worker.Catalog), conversation => TypeAsync(conversation, program));

        run.Result!.Verdict.ShouldBe(program.Verdict, $"{program}: {run.Stdout} {run.Stderr} {run.CompilerOutput} {run.Result.Message}");
        if (program.Refused) run.Order.ShouldBeEmpty();
        var neighbour = await beside;
        neighbour.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        neighbour.Stdout.ShouldBe(string.Concat(Enumerable.Range(0, 20).Select(number => $"{number}\n")));
        (await worker.RunAsync(WorkerHarness.Python("print('still fine')"))).Stdout.ShouldBe("still fine\n");
        await worker.NothingIsLeftAsync();
    }

    [Fact]
    public void The_list_is_complete() =>
        HostilePrograms.All.Select(program => program.Id).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 34).Select(number => $"H{number:00}"));

    [Fact]
    public async Task Of_a_hundred_runs_at_a_time_none_is_lost_or_mixed_up()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => worker.RunAsync(WorkerHarness.Python($"print({number})"))));

        runs.Select(run => run.Stdout).ShouldBe(Enumerable.Range(0, 100).Select(number => $"{number}\n"));
        runs.ShouldAllBe(run => run.Result!.Verdict == RunVerdict.Ok);
        await worker.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Hostile_programs_side_by_side_get_their_verdicts()
    {
        string[] ids = ["H01", "H02", "H05", "H07", "H09", "H12", "H21", "H26"];

        var runs = await Task.WhenAll(ids.Select(async id => (Id: id, Run: await worker.RunAsync(HostilePrograms.Get(id).Request(worker.Catalog)))));

        foreach (var (id, run) in runs) run.Result!.Verdict.ShouldBeOneOf([HostilePrograms.Get(id).Verdict, .. Slow(id)], id + run.Stderr);
        await Eventually.TrueAsync(() => worker.Registry.Count == 0);
    }

    /// <summary>What needs a while of CPU time for its own verdict can run out of it on a busy machine.</summary>
    private static RunVerdict[] Slow(string id) => id is "H02" or "H05" or "H21" ? [RunVerdict.TimeLimit] : [];

    private static async Task TypeAsync(RunConversation conversation, HostileProgram program)
    {
        if (program.Refused || program.Twice || program.Stdin is not { } input) return;
        try
        {
            for (var at = 0; at < input.Length; at += RunChannel.InitialWindow)
            {
                await conversation.GrantedAsync(at);
                await conversation.SendAsync(RunMessageKind.Stdin, input[at..Math.Min(input.Length, at + RunChannel.InitialWindow)]);
            }

            await conversation.EndStdinAsync();
        }
        catch (WebSocketException)
        {
            // The program was faster: its run is over.
        }
    }
}
