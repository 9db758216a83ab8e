using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>Processes as they are deployed, killed one after the other while somebody watches a log.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class ApiCrashTests(BuildWorkerFixture fixture) : IClassFixture<BuildWorkerFixture>, IDisposable
{
    private const int Lines = 2400;
    private const int Part = 600;
    private readonly GitRepository _repository = new();
    private readonly List<PlatformProcess> _processes = [];

    [Fact]
    public async Task Viewer_sees_every_line_once_whichever_process_is_killed()
    {
        _repository.Write("package.json", """{"scripts":{"build":"bash build.sh"}}""");
        // It waits where the viewer is to be cut off: what has ended cannot be told by the wrong process, however slow the viewer is.
        _repository.Write("build.sh", $"for i in $(seq 1 {Lines}); do echo line $i; if [ $((i % {Part})) = 0 ] && [ $i != {Lines} ]; then while [ ! -e go$i ]; do sleep 0.1; done; fi; done; mkdir dist; echo ok > dist/index.html");
        _repository.Commit("Print");
        var first = await StartAsync("Api");
        var second = await StartAsync("Api");
        await StartAsync("BuildWorker");
        var token = await SignUpAsync(first);
        var id = await DeployAsync(first, token);

        var viewer = new Viewer(id, token);
        // Killed under the viewer: the next instance goes on, then the first one again, started anew at its old address.
        (await viewer.WatchAsync(first.Address, upTo: 300, first.Kill)).ShouldBeFalse();
        await GoOnAsync(1);
        (await viewer.WatchAsync(second.Address, upTo: 900, second.Kill)).ShouldBeFalse();
        await GoOnAsync(2);
        var third = await StartAsync("Api", first.Address);
        (await viewer.WatchAsync(third.Address, upTo: 1700, third.Kill)).ShouldBeFalse();
        await GoOnAsync(3);
        await StartAsync("Api", first.Address);
        (await viewer.WatchAsync(first.Address, upTo: int.MaxValue, () => { })).ShouldBeTrue();

        var stored = await fixture.ReadLogAsync(id);
        viewer.Seen.Select(line => line.Seq).ShouldBe(stored.Select(line => line.Seq));
        viewer.Seen.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, stored.Count).Select(number => (long)number));
        viewer.Seen.Select(line => line.Message).Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(1, Lines).Select(number => $"line {number}"));
        (await fixture.WaitForEndAsync(id)).Status.ShouldBe(DeploymentStatus.Success);
        await Eventually.TrueAsync(() => !fixture.WorkDirectories().Any());
    }

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        _repository.Dispose();
    }

    /// <summary>Lets the build print its next part.</summary>
    private Task GoOnAsync(int part) =>
        File.WriteAllTextAsync(Path.Combine(fixture.WorkDirectories().ShouldHaveSingleItem(), "box", "app", $"go{part * Part}"), "");

    private async Task<PlatformProcess> StartAsync(string project, Uri? address = null)
    {
        var environment = fixture.Settings(
            ("JWT_SECRET", "only-for-the-tests-of-crashes-0123456789"), ("RateLimits:General:PermitLimit", "100000"), ("RateLimits:Auth:PermitLimit", "100000"),
            ("RateLimits:Deployments:PermitLimit", "100000"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"));
        var process = await PlatformProcess.StartAsync(
            project, environment.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!), address);
        _processes.Add(process);
        return process;
    }

    private async Task<string> SignUpAsync(PlatformProcess api)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        var email = $"{Guid.NewGuid():N}@example.com";
        using var response = await http.PostAsJsonAsync("/api/auth/signup", new { name = "Test Person", email, password = "Correct-Horse-9-Battery" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        response.IsSuccessStatusCode.ShouldBeTrue(answer.ToString());
        await using var db = fixture.CreateContext();
        await db.Users.Where(user => user.Email == email).ExecuteUpdateAsync(user => user.SetProperty(each => each.EmailConfirmed, true));
        return answer.GetProperty("accessToken").GetString()!;
    }

    private async Task<Guid> DeployAsync(PlatformProcess api, string token)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.PostAsJsonAsync("/api/deployments", new { repository = _repository.Url, branch = "main" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        response.IsSuccessStatusCode.ShouldBeTrue(answer.ToString());
        return answer.GetProperty("id").GetGuid();
    }

    /// <summary>A browser that comes back with the number of the last line that it has.</summary>
    private sealed class Viewer(Guid id, string token)
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

        public List<(long Seq, string Message)> Seen { get; } = [];

        /// <summary>Watches until the connection breaks, calling <paramref name="reached"/> at a line.</summary>
        /// <returns>True when the deployment has ended.</returns>
        public async Task<bool> WatchAsync(Uri api, long upTo, Action reached)
        {
            using var limit = new CancellationTokenSource(Limit);
            using var socket = new ClientWebSocket();
            var after = Seen.Count == 0 ? 0 : Seen[^1].Seq;
            await socket.ConnectAsync(new Uri($"ws://{api.Authority}/api/deployments/{id}/logs/stream?after={after}&token={token}"), limit.Token);
            var killed = false;
            try
            {
                while (true)
                {
                    var frame = await ReadAsync(socket, limit.Token);
                    var type = frame.GetProperty("type").GetString();
                    if (type == "deployment_complete") return true;
                    if (type != "log") continue;
                    Seen.Add((frame.GetProperty("seq").GetInt64(), frame.GetProperty("message").GetString()!));
                    if (killed || Seen[^1].Seq < upTo) continue;
                    // What is on its way already is read, too.
                    killed = true;
                    reached();
                }
            }
            catch (WebSocketException) when (killed)
            {
                return false;
            }
        }

        private static async Task<JsonElement> ReadAsync(ClientWebSocket socket, CancellationToken cancellationToken)
        {
            using var message = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) throw new WebSocketException("closed");
                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage) return JsonElement.Parse(message.ToArray());
            }
        }
    }
}
