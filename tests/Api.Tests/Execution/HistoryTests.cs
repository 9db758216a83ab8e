using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

[Trait("Category", "Integration")]
public sealed class HistoryTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    [Fact]
    public async Task Runs_are_listed_by_page_and_by_cursor_newest_first()
    {
        var user = await fixture.Api.SignUpAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 5; number++) ids.Add(await RunAsync(user, $"x{number}", number % 2 == 0 ? "python" : "js"));
        ids.Reverse();

        var first = await ListAsync(user, "?limit=2");
        Ids(first).ShouldBe(ids[..2]);
        first.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(5);
        first.GetProperty("executions")[0].TryGetProperty("result", out _).ShouldBeFalse();
        Ids(await ListAsync(user, "?limit=2&page=3")).ShouldBe(ids[4..]);

        var seen = Ids(first);
        var cursor = first.GetProperty("nextCursor").GetString();
        while (cursor is not null)
        {
            var next = await ListAsync(user, $"?limit=2&cursor={cursor}");
            seen.AddRange(Ids(next));
            cursor = next.GetProperty("nextCursor").GetString();
        }

        seen.ShouldBe(ids);
        Ids(await ListAsync(user, "?language=node")).Count.ShouldBe(2);
        await (await user.Client.GetAsync("/api/execute/history?cursor=nonsense")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await user.Client.GetAsync("/api/execute/history?limit=1000")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Source_and_outputs_are_kept_to_the_byte_and_go_on_demand()
    {
        var user = await fixture.Api.SignUpAsync();
        fixture.Workers.On("bytes", async (worker, _) =>
        {
            await worker.SendAsync(RunMessageKind.Stdout, [0xff, 0x00, 0x0a]);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var id = await RunAsync(user, "bytes \u0000 ü");

        var detail = await (await user.Client.GetAsync($"/api/execute/{id}")).ReadJsonAsync();
        detail.GetProperty("mode").GetString().ShouldBe("sync");
        detail.GetProperty("request").GetProperty("code").GetString().ShouldBe("bytes \u0000 ü");
        Convert.FromBase64String(detail.GetProperty("result").GetProperty("stdout").GetString()!).ShouldBe([0xff, 0x00, 0x0a]);

        (await user.Client.DeleteAsync($"/api/execute/history/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.Client.DeleteAsync($"/api/execute/history/{id}")).ShouldBeErrorAsync(404, "EXECUTION_NOT_FOUND");
        await RunAsync(user, "more");
        (await user.Client.DeleteAsync("/api/execute/history")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Ids(await ListAsync(user, "")).ShouldBeEmpty();
        await using var db = fixture.CreateContext();
        (await db.Executions.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Runs_on_sockets_are_kept_with_what_they_printed()
    {
        var user = await fixture.Api.SignUpAsync();
        fixture.Workers.On("live", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Compile);
            await worker.SendAsync(RunMessageKind.Stderr, "a warning"u8.ToArray());
            await worker.StageAsync(RunStage.Run);
            await worker.SendAsync(RunMessageKind.Stdout, "printed"u8.ToArray());
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/mine", user.AccessToken);
        await socket.SendAsync(new { type = "start", language = "python", code = "live" });
        await socket.ReceiveAsync("exit");

        var id = (await Eventually.ValueAsync(async () => Ids(await ListAsync(user, "")), ids => ids.Count > 0)).ShouldHaveSingleItem();
        var detail = await (await user.Client.GetAsync($"/api/execute/{id}")).ReadJsonAsync();
        detail.GetProperty("request").GetProperty("code").GetString().ShouldBe("live");
        detail.GetProperty("result").GetProperty("stdout").GetString().ShouldBe("printed");
        detail.GetProperty("result").GetProperty("compile").GetProperty("output").GetString().ShouldBe("a warning");
    }

    [Fact]
    public async Task Deleting_a_run_that_is_not_over_ends_it()
    {
        var user = await fixture.Api.SignUpAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("endless", async (worker, _) =>
        {
            started.SetResult();
            try
            {
                while (true) await worker.ReceiveAsync();
            }
            finally
            {
                ended.SetResult();
            }
        });
        var (_, accepted) = await ApiInstance.PostAsync(user.Client, "/api/execute/execute", new { language = "python", code = "endless", mode = "async" });
        await started.Task.WaitAsync(Eventually.DefaultTimeout);

        (await user.Client.DeleteAsync($"/api/execute/history/{accepted.GetProperty("id").GetGuid()}")).EnsureSuccessStatusCode();

        await ended.Task.WaitAsync(Eventually.DefaultTimeout);
    }

    [Fact]
    public async Task What_is_too_old_or_too_much_goes_by_itself()
    {
        var user = await fixture.Api.SignUpAsync();
        for (var number = 0; number < 4; number++) await RunAsync(user, $"x{number}");
        await using (var db = fixture.CreateContext())
        {
            var old = TimeProvider.System.GetUtcNow().AddDays(-31);
            var oldest = await db.Executions.Where(row => row.OwnerId == user.Id).OrderByDescending(row => row.CreatedAt).FirstAsync();
            await db.Executions.Where(row => row.Id == oldest.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CompletedAt, old));
        }

        var instance = fixture.Start(("Execution:History:SweepInterval", "00:00:00.100"), ("Execution:History:MaxPerOwner", "2"));
        await Eventually.TrueAsync(async () => Ids(await ListAsync(user, "")).Count == 2);
        await instance.StopAsync();
    }

    /// <summary>Runs and waits until it is written down, which is after the answer.</summary>
    private static async Task<Guid> RunAsync(ApiUser user, string code, string language = "python")
    {
        var (status, body) = await ApiInstance.PostAsync(user.Client, "/api/execute/execute", new { language, code });
        status.ShouldBe(200, body.ToString());
        var id = body.GetProperty("id").GetGuid();
        await Eventually.TrueAsync(async () => (await user.Client.GetAsync($"/api/execute/{id}")).IsSuccessStatusCode);
        return id;
    }

    private static async Task<JsonElement> ListAsync(ApiUser user, string query) => await (await user.Client.GetAsync($"/api/execute/history{query}")).ReadJsonAsync();

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("executions").EnumerateArray().Select(run => run.GetProperty("id").GetGuid())];
}
