using Platform.Core.Execution;
using Platform.ExecutionWorker.Tests.Contract;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Images;

/// <summary>A language whose image is absent, on the real engine: what its first runs see.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class OnDemandImageTests(WorkerHarness worker)
{
    [Fact]
    public async Task The_first_runs_wait_for_one_build_and_see_it_and_a_failed_one_is_tried_again()
    {
        var request = WorkerHarness.Python("print(open('/built').read(), end='')") with { Language = worker.OnDemand.Id };
        await ForgetImageAsync();
        await worker.WriteImageAsync("USER root\nRUN echo looking for a package && exit 9");

        var refused = await Task.WhenAll(worker.RunAsync(request), worker.RunAsync(request));

        foreach (var run in refused)
        {
            run.Unavailable!.Code.ShouldBe(RunRefusal.ImageBuildFailed);
            run.Unavailable.Message.ShouldContain("Tiny");
            run.Order.ShouldBeEmpty();
        }

        // What was wrong is mended; nobody restarts anything.
        await worker.WriteImageAsync("USER root\nRUN echo first step && sleep 1\nRUN echo fresh >/built && sleep 1\nUSER 65534:65534");
        var (building, built) = (worker.Builds.Count(4501), worker.Builds.Count(4502));

        var runs = await Task.WhenAll(worker.RunAsync(request), worker.RunAsync(request), worker.RunAsync(request));

        foreach (var run in runs)
        {
            run.Result!.Verdict.ShouldBe(RunVerdict.Ok, run.Stderr);
            run.Stdout.ShouldBe("fresh\n");
            run.Progress[0].ShouldBe("The image of Tiny is being built.");
            run.Progress.ShouldContain(line => line.Contains("Step", StringComparison.Ordinal) || line.Contains("first step", StringComparison.Ordinal));
        }

        (worker.Builds.Count(4501) - building, worker.Builds.Count(4502) - built).ShouldBe((1, 1));
        // From now on it is a language like any other.
        (await worker.RunAsync(request)).Progress.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_taken_back_while_its_image_is_built_ends_at_once_and_a_silent_build_keeps_the_others()
    {
        var request = WorkerHarness.Python("print(1)") with { Language = worker.OnDemand.Id };
        await worker.WriteImageAsync($"USER root\nRUN sleep 15 && echo {Guid.NewGuid()}\nUSER 65534:65534");
        await ForgetImageAsync();
        var staying = worker.RunAsync(request);

        var leaving = await worker.RunAsync(request, conversation => conversation.CancelAsync());

        leaving.Result!.Verdict.ShouldBe(RunVerdict.Cancelled);
        staying.IsCompleted.ShouldBeFalse();
        var stayed = await staying;
        stayed.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        // A waiting side that hears nothing gives up: the last line comes again.
        stayed.Progress.GroupBy(line => line).ShouldContain(group => group.Count() > 1);
    }

    [Fact]
    public async Task Runs_that_wait_for_an_image_hold_no_place_of_the_queue()
    {
        await worker.WriteImageAsync($"USER root\nRUN sleep 15 && echo {Guid.NewGuid()}\nUSER 65534:65534");
        await ForgetImageAsync();
        var request = WorkerHarness.Python("print(input())") with { Language = worker.OnDemand.Id };
        var begun = new List<BegunRun>();
        for (var number = 0; number < 6; number++) begun.Add(await worker.BeginAsync(request));
        var reading = begun.Select(run => run.Conversation.ReadAsync()).ToList();

        // Their jobs are over while they wait, and what was typed to them is kept.
        await Task.WhenAll(begun.Select(run => run.Handling));
        worker.Waits.Count.ShouldBe(6);
        reading.ShouldAllBe(task => !task.IsCompleted);
        foreach (var (run, number) in begun.Select((run, number) => (run, number))) await run.Conversation.StdinAsync($"{number}\n");
        (await worker.RunAsync(WorkerHarness.Python("print(1)"))).Stdout.ShouldBe("1\n");

        // One of them goes away.
        begun[0].Socket.Abort();
        await Eventually.TrueAsync(() => worker.Waits.Count <= 5);
        await Task.WhenAll(reading.Skip(1));
        begun.Skip(1).Select(run => run.Conversation.Stdout).ShouldBe(["1\n", "2\n", "3\n", "4\n", "5\n"]);
        await Task.WhenAny(reading[0]);
        foreach (var run in begun) await run.DisposeAsync();
        await Eventually.TrueAsync(() => worker.Waits.Count == 0);
    }

    private async Task ForgetImageAsync()
    {
        await worker.NothingIsLeftAsync();
        if (await worker.Engine.ImageExistsAsync(worker.OnDemand.Image, CancellationToken.None)) await worker.Engine.RemoveImageAsync(worker.OnDemand.Image, CancellationToken.None);
    }
}
