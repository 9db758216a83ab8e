using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs without a waiting caller.</summary>
[Trait("Category", "Integration")]
public sealed class AsyncExecutionTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    [Fact]
    public async Task A_run_is_accepted_followed_and_found_again()
    {
        var user = await fixture.Api.SignUpAsync();
        var go = new SemaphoreSlim(0);
        fixture.Workers.On("stages", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Compile);
            await go.WaitAsync();
            await worker.StageAsync(RunStage.Run);
            await go.WaitAsync();
            await worker.SendAsync(RunMessageKind.Stdout, "done"u8.ToArray());
            await worker.FinishAsync(FakeWorkers.Ok);
        });

        using var accepted = await user.Client.PostAsJsonAsync("/api/execute/execute", new { language = "py", code = "stages", mode = "async" });
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();
        accepted.Headers.Location!.ToString().ShouldEndWith($"/api/execute/{id}");

        await UntilStatusAsync(user, id, "compiling");
        go.Release();
        await UntilStatusAsync(user, id, "running");
        go.Release();
        var run = await ApiInstance.WaitForEndAsync(user.Client, id);

        run.GetProperty("status").GetString().ShouldBe("ok");
        run.GetProperty("result").GetProperty("stdout").GetString().ShouldBe("done");
        run.GetProperty("request").GetProperty("code").GetString().ShouldBe("stages");
        run.GetProperty("startedAt").GetString().ShouldNotBeNull();
        await OthersFindNothingAsync(id);
    }

    [Fact]
    public async Task What_a_run_waits_for_is_told_until_it_begins()
    {
        var user = await fixture.Api.SignUpAsync();
        var go = new SemaphoreSlim(0);
        fixture.Workers.On("builds", async (worker, _) =>
        {
            await worker.SendAsync(RunMessageKind.Progress, "Step 1/2"u8.ToArray());
            await go.WaitAsync();
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var accepted = await user.Client.PostAsJsonAsync("/api/execute/execute", new { language = "py", code = "builds", mode = "async" });
        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();

        var waiting = await Eventually.ValueAsync(
            async () => await (await user.Client.GetAsync($"/api/execute/{id}")).ReadJsonAsync(), run => run.GetProperty("progress").ValueKind == JsonValueKind.String);
        (waiting.GetProperty("status").GetString(), waiting.GetProperty("progress").GetString()).ShouldBe(("queued", "Step 1/2"));
        go.Release();

        (await ApiInstance.WaitForEndAsync(user.Client, id)).GetProperty("progress").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Strangers_wait_for_their_runs()
    {
        using var client = fixture.Api.CreateClient();
        await (await client.PostAsJsonAsync("/api/execute/execute", new { language = "py", code = "x", mode = "async" })).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await (await client.GetAsync($"/api/execute/{Guid.NewGuid()}")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_run_is_taken_back_once_however_often_it_is_asked_for()
    {
        var user = await fixture.Api.SignUpAsync();
        fixture.Workers.On("hangs", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            while ((await worker.ReceiveAsync()).Kind != RunMessageKind.Cancel) await Task.Yield();
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });
        });
        var id = await StartAsync(user, "hangs");
        await UntilStatusAsync(user, id, "running");

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => user.Client.DeleteAsync($"/api/execute/{id}")));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await ApiInstance.WaitForEndAsync(user.Client, id)).GetProperty("status").GetString().ShouldBe("cancelled");
        (await (await user.Client.DeleteAsync($"/api/execute/{id}")).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task Taking_back_races_the_end_and_there_is_one_of_both()
    {
        var user = await fixture.Api.SignUpAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 12; number++) ids.Add(await StartAsync(user, "quick"));
        await Task.WhenAll(ids.Select(id => user.Client.DeleteAsync($"/api/execute/{id}")));

        foreach (var id in ids)
        {
            var run = await ApiInstance.WaitForEndAsync(user.Client, id);
            run.GetProperty("status").GetString().ShouldBeOneOf("ok", "cancelled");
            run.GetProperty("result").GetProperty("status").GetString().ShouldBe(run.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Another_instance_can_be_asked_and_can_take_it_back()
    {
        var user = await fixture.Api.SignUpAsync();
        var other = fixture.Start(("Execution:Async:Concurrency", "0"));
        using var client = other.CreateClient(user.AccessToken);
        fixture.Workers.On("remote", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            while ((await worker.ReceiveAsync()).Kind != RunMessageKind.Cancel) await Task.Yield();
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });
        });
        var (_, accepted) = await ApiInstance.PostAsync(client, "/api/execute/execute", new { language = "py", code = "remote", mode = "async" });
        var id = accepted.GetProperty("id").GetGuid();
        await UntilStatusAsync(user, id, "running");

        (await client.DeleteAsync($"/api/execute/{id}")).EnsureSuccessStatusCode();

        (await ApiInstance.WaitForEndAsync(client, id)).GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task What_a_dead_instance_leaves_is_run_again_and_in_the_end_an_internal_error()
    {
        var user = await fixture.Api.SignUpAsync();
        var again = await LeaveBehindAsync(user, attempts: 1);
        var tooOften = await LeaveBehindAsync(user, attempts: 3);

        var rerun = await ApiInstance.WaitForEndAsync(user.Client, again);
        var given = await ApiInstance.WaitForEndAsync(user.Client, tooOften);

        rerun.GetProperty("status").GetString().ShouldBe("ok");
        given.GetProperty("status").GetString().ShouldBe("internal_error");
        given.GetProperty("result").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_run_that_another_instance_has_taken_over_is_not_ended_twice()
    {
        var user = await fixture.Api.SignUpAsync();
        var starts = 0;
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("taken", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            if (Interlocked.Increment(ref starts) == 1)
            {
                try
                {
                    while (true) await worker.ReceiveAsync();
                }
                finally
                {
                    lost.SetResult();
                }
            }

            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var id = await StartAsync(user, "taken");
        await UntilStatusAsync(user, id, "running");
        await using (var db = fixture.CreateContext())
        {
            // As when the instance that has it could not renew in time.
            await db.Executions.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.LeaseOwner, Guid.NewGuid()).SetProperty(row => row.LeaseUntil, (DateTimeOffset?)null));
        }

        (await ApiInstance.WaitForEndAsync(user.Client, id)).GetProperty("status").GetString().ShouldBe("ok");
        // The worker of the first start was let go.
        await lost.Task.WaitAsync(Eventually.DefaultTimeout);
        starts.ShouldBe(2);
    }

    [Fact]
    public async Task An_instance_that_stops_hands_its_runs_on()
    {
        var stopping = fixture.Start();
        var user = await fixture.Api.SignUpAsync();
        var starts = 0;
        fixture.Workers.On("handed", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            if (Interlocked.Increment(ref starts) > 8)
            {
                await worker.FinishAsync(FakeWorkers.Ok);
                return;
            }

            while (await worker.Channel.ReceiveAsync(CancellationToken.None) is not null) await Task.Yield();
        });
        // More than one instance may take of one owner: both have some of two owners' runs.
        var other = await fixture.Api.SignUpAsync();
        var ids = new List<(ApiUser User, Guid Id)>();
        for (var number = 0; number < 4; number++) ids.AddRange([(user, await StartAsync(user, "handed")), (other, await StartAsync(other, "handed"))]);
        await Eventually.TrueAsync(() => Volatile.Read(ref starts) == 8);

        await stopping.StopAsync();
        foreach (var (owner, id) in ids) (await owner.Client.DeleteAsync($"/api/execute/{id}")).EnsureSuccessStatusCode();

        foreach (var (owner, id) in ids) (await ApiInstance.WaitForEndAsync(owner.Client, id)).GetProperty("status").GetString().ShouldBeOneOf("cancelled", "ok");
    }

    [Fact]
    public async Task Items_of_a_batch_are_refused_one_by_one()
    {
        var user = await fixture.Api.SignUpAsync();
        var (status, batch) = await ApiInstance.PostAsync(user.Client, "/api/execute/batch", new
        {
            executions = new object[] { new { language = "python", code = "a" }, new { language = "klingon", code = "b" }, new { language = "python", code = "c", stdin = "in" } },
        });

        status.ShouldBe(202, batch.ToString());
        var items = batch.GetProperty("executions").EnumerateArray().ToList();
        items[1].GetProperty("errors").GetProperty("language").GetArrayLength().ShouldBe(1);
        items[1].GetProperty("id").ValueKind.ShouldBe(JsonValueKind.Null);
        var done = await Eventually.ValueAsync(
            async () => await (await user.Client.GetAsync($"/api/execute/batch/{batch.GetProperty("batchId").GetGuid()}")).ReadJsonAsync(),
            answer => answer.GetProperty("completed").GetBoolean());
        done.GetProperty("executions").EnumerateArray().Select(run => run.GetProperty("id").GetGuid())
            .ShouldBe([items[0].GetProperty("id").GetGuid(), items[2].GetProperty("id").GetGuid()]);
        done.GetProperty("executions")[1].GetProperty("result").GetProperty("stdout").GetString().ShouldBe("in");

        var tooMany = await user.Client.PostAsJsonAsync("/api/execute/batch", new { executions = Enumerable.Repeat(new { language = "python", code = "a" }, 21) });
        await tooMany.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task So_many_may_wait_and_so_many_are_worked_on_at_a_time()
    {
        var owner = await fixture.Api.SignUpAsync();
        var instance = fixture.Start(("Execution:Async:MaxQueuedPerOwner", "6"));
        using var client = instance.CreateClient(owner.AccessToken);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = 0;
        fixture.Workers.On("held", async (worker, _) =>
        {
            Interlocked.Increment(ref running);
            await release.Task;
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var requests = Enumerable.Repeat(new { language = "python", code = "held" }, 6).ToArray();
        var (_, batch) = await ApiInstance.PostAsync(client, "/api/execute/batch", new { executions = requests });
        var (status, _) = await ApiInstance.PostAsync(client, "/api/execute/execute", new { language = "python", code = "x", mode = "async" });
        status.ShouldBe(429);

        // Another owner's run passes by.
        await Eventually.TrueAsync(() => Volatile.Read(ref running) == 4);
        var other = await fixture.Api.SignUpAsync();
        await ApiInstance.WaitForEndAsync(other.Client, await StartAsync(other, "passes"));
        Volatile.Read(ref running).ShouldBe(4);

        release.SetResult();
        foreach (var item in batch.GetProperty("executions").EnumerateArray())
            (await ApiInstance.WaitForEndAsync(owner.Client, item.GetProperty("id").GetGuid())).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Runs_that_wait_for_an_image_hold_up_none_of_their_owners_others()
    {
        var owner = await fixture.Api.SignUpAsync();
        var built = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        fixture.Workers.On("waits", async (worker, _) =>
        {
            await worker.SendAsync(RunMessageKind.Progress, "Step 1/2"u8.ToArray());
            Interlocked.Increment(ref waiting);
            await built.Task;
            await worker.StageAsync(RunStage.Run);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var ids = new List<Guid>();
        for (var number = 0; number < 12; number++) ids.Add(await StartAsync(owner, "waits", "ruby"));
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) >= 4);

        await ApiInstance.WaitForEndAsync(owner.Client, await StartAsync(owner, "passes"));

        // Nor does an owner with many of them fill an instance: the fourth that waits, and three more that were taken with it, hold back the rest.
        await using (var db = fixture.CreateContext()) (await db.Executions.CountAsync(row => row.OwnerId == owner.Id && row.AwaitsImage)).ShouldBeInRange(1, 7);
        built.SetResult();
        foreach (var id in ids) (await ApiInstance.WaitForEndAsync(owner.Client, id)).GetProperty("status").GetString().ShouldBe("ok");
    }

    private async Task<Guid> LeaveBehindAsync(ApiUser user, int attempts)
    {
        var id = await StartAsync(user, "template");
        await ApiInstance.WaitForEndAsync(user.Client, id);
        await using var db = fixture.CreateContext();
        await db.Executions.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Status, ExecutionStatus.Running)
            .SetProperty(row => row.Result, (byte[]?)null)
            .SetProperty(row => row.CompletedAt, (DateTimeOffset?)null)
            .SetProperty(row => row.Attempts, attempts)
            .SetProperty(row => row.LeaseOwner, Guid.NewGuid())
            .SetProperty(row => row.LeaseUntil, TimeProvider.System.GetUtcNow().AddSeconds(1)));
        return id;
    }

    private static async Task<Guid> StartAsync(ApiUser user, string code, string language = "python")
    {
        var (status, accepted) = await ApiInstance.PostAsync(user.Client, "/api/execute/execute", new { language, code, mode = "async" });
        status.ShouldBe(202, accepted.ToString());
        return accepted.GetProperty("id").GetGuid();
    }

    private static Task<string?> UntilStatusAsync(ApiUser user, Guid id, string status) => Eventually.ValueAsync(
        async () => (await (await user.Client.GetAsync($"/api/execute/{id}")).ReadJsonAsync()).GetProperty("status").GetString(), found => found == status);

    private async Task OthersFindNothingAsync(Guid id)
    {
        var other = await fixture.Api.SignUpAsync();
        await (await other.Client.GetAsync($"/api/execute/{id}")).ShouldBeErrorAsync(404, "EXECUTION_NOT_FOUND");
        await (await other.Client.DeleteAsync($"/api/execute/{id}")).ShouldBeErrorAsync(404, "EXECUTION_NOT_FOUND");
        await (await other.Client.DeleteAsync($"/api/execute/history/{id}")).ShouldBeErrorAsync(404, "EXECUTION_NOT_FOUND");
    }
}
