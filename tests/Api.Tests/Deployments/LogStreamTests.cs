using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Common;
using Platform.Core.Data.Entities;
using Platform.Core.Realtime;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class LogStreamTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Viewer_gets_stored_and_live_lines_once_and_the_end()
    {
        var (user, id) = await CreateAsync();
        await AppendAsync(id, 1, 10, send: false);
        using var socket = await ConnectAsync(user, id);
        (await ReadAsync(socket, until: frame => Seq(frame) == 10)).ShouldBe(Range(1, 10));

        await AppendAsync(id, 11, 20, send: true);
        // Stored but never announced: found in the rows.
        await AppendAsync(id, 21, 25, send: false);
        await AppendAsync(id, 26, 30, send: true);
        await FinishAsync(id);

        var types = new List<string>();
        var rest = await ReadAsync(socket, frame =>
        {
            types.Add(frame.GetProperty("type").GetString()!);
            return types[^1] == "deployment_complete";
        });
        rest.ShouldBe(Range(11, 30));
        types.ShouldContain("status_update");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Fact]
    public async Task Viewer_that_comes_back_continues_where_it_was()
    {
        var (user, id) = await CreateAsync();
        await AppendAsync(id, 1, 50, send: true);
        using (var first = await ConnectAsync(user, id))
        {
            await ReadAsync(first, frame => Seq(frame) == 20);
            first.Abort();
        }

        await AppendAsync(id, 51, 60, send: true);
        await FinishAsync(id);
        using var second = await ConnectAsync(user, id, after: 20);

        (await ReadAsync(second, frame => frame.GetProperty("type").GetString() == "deployment_complete")).ShouldBe(Range(21, 60));
    }

    [Fact]
    public async Task Connections_that_break_again_and_again_and_another_instance_show_every_line_once()
    {
        const int total = 3000;
        var (user, id) = await CreateAsync();
        var writing = WriteAsync();
        var seen = new List<long>();
        for (var round = 0; seen.Count < total; round++)
        {
            // Every other connection goes to an instance that has just started.
            await using var restarted = round % 2 == 1 ? api.With(("Deployments:Round", $"{round}")) : null;
            using var socket = await ConnectAsync(user, id, seen.Count == 0 ? 0 : seen[^1], restarted?.Server);
            var upTo = Math.Min(total, seen.Count + 400);
            seen.AddRange(await ReadAsync(socket, frame => Seq(frame) >= upTo));
            socket.Abort();
        }

        await writing;
        seen.ShouldBe(Range(1, total));

        async Task WriteAsync()
        {
            // Some are announced, some are not.
            for (var from = 1; from <= total; from += 100) await AppendAsync(id, from, from + 99, send: from % 300 != 1);
        }
    }

    [Fact]
    public async Task Log_of_a_hundred_thousand_lines_is_paged_and_followed_to_its_end()
    {
        var (user, id) = await CreateAsync();
        await using (var db = api.CreateContext())
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO deployment_logs (id, deployment_id, seq, timestamp, log_level, message, created_at)
                 SELECT gen_random_uuid(), {id}, number, now(), 'info', 'line ' || number, now() FROM generate_series(1, 100000) number
                 """);
        }

        await FinishAsync(id);
        var page = await (await user.Client.GetAsync($"/api/deployments/{id}/logs?after=99990&limit=100")).ReadJsonAsync();
        page.GetProperty("lines").EnumerateArray().Select(Seq).ShouldBe(Range(99_991, 100_000));
        using var socket = await ConnectAsync(user, id, after: 50_000);
        (await ReadAsync(socket, frame => frame.GetProperty("type").GetString() == "deployment_complete")).ShouldBe(Range(50_001, 100_000));
    }

    [Fact]
    public async Task Viewer_that_reads_nothing_holds_up_no_other()
    {
        var (user, id) = await CreateAsync();
        await AppendAsync(id, 1, 20_000, send: false);
        using var slow = await ConnectAsync(user, id);
        using var quick = await ConnectAsync(user, id);

        (await ReadAsync(quick, frame => Seq(frame) == 20_000)).Count.ShouldBe(20_000);
        await AppendAsync(id, 20_001, 20_010, send: true);
        (await ReadAsync(quick, frame => Seq(frame) == 20_010)).ShouldBe(Range(20_001, 20_010));

        // It finds everything when it reads at last.
        (await ReadAsync(slow, frame => Seq(frame) == 20_010)).ShouldBe(Range(1, 20_010));
    }

    [Theory, InlineData(0), InlineData(20_000)]
    public async Task Viewer_that_says_goodbye_is_answered(int lines)
    {
        var (user, id) = await CreateAsync();
        if (lines > 0) await AppendAsync(id, 1, lines, send: false);
        using var socket = await ConnectAsync(user, id);
        await ReadAsync(socket, frame => frame.GetProperty("type").GetString() == "status_update");

        // In the middle of lines that it has not read, too.
        using var limit = new CancellationTokenSource(Limit);
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "another page", limit.Token);
        var buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close) continue;

        socket.State.ShouldBe(WebSocketState.Closed);
        (socket.CloseStatus, socket.CloseStatusDescription).ShouldBe((WebSocketCloseStatus.EndpointUnavailable, "another page"));
    }

    [Fact]
    public async Task Others_get_no_stream()
    {
        var (_, id) = await CreateAsync();
        var other = await api.SignUpAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync(other, id));
        await (await other.Client.GetAsync($"/api/deployments/{id}/logs/stream")).ShouldBeErrorAsync(426, "UPGRADE_REQUIRED");
    }

    [Fact]
    public async Task Viewer_is_live_again_after_Redis_was_away_and_gets_each_line_once()
    {
        var (user, id) = await CreateAsync();
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        using var host = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        using var socket = await host.Server.CreateWebSocketClient().ConnectAsync(
            new Uri(host.Server.BaseAddress, $"/api/deployments/{id}/logs/stream?token={user.AccessToken}"), CancellationToken.None);
        await AppendAsync(id, 1, 5, send: false);
        (await ReadAsync(socket, frame => Seq(frame) == 5)).ShouldBe(Range(1, 5));

        await redis.StopAsync();
        await AppendAsync(id, 6, 10, send: false);
        (await ReadAsync(socket, frame => Seq(frame) == 10)).ShouldBe(Range(6, 10));
        await redis.StartAsync();
        // A line that no row has comes by the bus alone; it is sent until the viewer listens again.
        using var stop = new CancellationTokenSource();
        var sending = SendUntilAsync(host.Services.GetRequiredService<ILogBus>(), id, new LogLine(11, TimeProvider.System.GetUtcNow(), "info", "live"), stop.Token);
        (await ReadAsync(socket, frame => Seq(frame) == 11)).ShouldBe([11]);
        await stop.CancelAsync();
        await sending;
        await AppendAsync(id, 11, 12, send: false);
        (await ReadAsync(socket, frame => Seq(frame) == 12)).ShouldBe([12]);
    }

    private static async Task SendUntilAsync(ILogBus bus, Guid id, LogLine line, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await bus.PublishAsync(id, [line], CancellationToken.None);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task<(ApiUser User, Guid Id)> CreateAsync()
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main" });
        return (user, (await response.ReadJsonAsync()).GetProperty("id").GetGuid());
    }

    private Task<WebSocket> ConnectAsync(ApiUser user, Guid id, long after = 0, TestServer? server = null) => (server ?? api.Server).CreateWebSocketClient().ConnectAsync(
        new Uri(api.Server.BaseAddress, $"/api/deployments/{id}/logs/stream?after={after}&token={user.AccessToken}"), CancellationToken.None);

    private async Task AppendAsync(Guid id, int from, int to, bool send)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = api.CreateContext();
        db.DeploymentLogs.AddRange(Enumerable.Range(from, to - from + 1).Select(number => new DeploymentLog
        {
            Id = Guid.NewGuid(),
            DeploymentId = id,
            Seq = number,
            Timestamp = now,
            LogLevel = "info",
            Message = $"line {number}",
            CreatedAt = now,
        }));
        await db.SaveChangesAsync();
        if (!send) return;
        var lines = Enumerable.Range(from, to - from + 1).Select(number => new LogLine(number, now, "info", $"line {number}")).ToList();
        await api.Services.GetRequiredService<ILogBus>().PublishAsync(id, lines, CancellationToken.None);
    }

    private async Task FinishAsync(Guid id)
    {
        await using var db = api.CreateContext();
        await db.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(setters => setters.SetProperty(row => row.Status, DeploymentStatus.Failed));
        await api.Services.GetRequiredService<IEventBus>().PublishAsync(Topics.Deployment(id), new DeploymentChanged(id, DeploymentStatus.Failed, "Failed"), CancellationToken.None);
    }

    /// <summary>Reads frames until one satisfies the condition; returns the numbers of all lines.</summary>
    private static async Task<List<long>> ReadAsync(WebSocket socket, Func<JsonElement, bool> until)
    {
        using var limit = new CancellationTokenSource(Limit);
        var numbers = new List<long>();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            received.EndOfMessage.ShouldBeTrue();
            received.MessageType.ShouldBe(WebSocketMessageType.Text);
            var frame = JsonElement.Parse(buffer.AsSpan(0, received.Count));
            if (frame.GetProperty("type").GetString() == "log") numbers.Add(Seq(frame));
            if (until(frame)) return numbers;
        }
    }

    private static long Seq(JsonElement frame) => frame.TryGetProperty("seq", out var seq) ? seq.GetInt64() : 0;

    private static IEnumerable<long> Range(int from, int to) => Enumerable.Range(from, to - from + 1).Select(number => (long)number);
}
