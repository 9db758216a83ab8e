using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platform.BuildWorker.Tests.Builds;
using Platform.BuildWorker.Tests.Sources;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.GitHub;

/// <summary>A person, GitHub, the Api and a build worker, each a process or a server of its own, from connecting to disconnecting.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class GitHubJourneyTests(BuildWorkerFixture fixture) : IClassFixture<BuildWorkerFixture>, IAsyncLifetime, IDisposable
{
    private const string HookSecret = "what deliveries of the journey are signed with";

    private static readonly FakePerson Ada = new("31337", "ada", "ada@example.com");

    private readonly GitRepository _code = new();
    private readonly TemporaryDirectory _certificates = new();
    private readonly List<PlatformProcess> _processes = [];
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private FakeGitHub _gitHub = null!;
    private FakeOAuthProvider _provider = null!;
    private GitServer _git = null!;
    private FakeGitHubRepository _shop = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _gitHub = await FakeGitHub.StartAsync();
        _provider = await FakeOAuthProvider.StartAsync("user:email");
        _provider.MoreScopes = "repo user:email";
        _code.Link("ada/shop");
        _code.Link("eve/shop");
        _git = await GitServer.StartAsync(_code.Root, "nobody knows it yet", _certificates);
        _provider.TokenIssued = (token, person) =>
        {
            (_token, _git.Secret) = (token, token);
            _shop = _gitHub.AddAccount(token, person.Name, 31337).AddRepository("shop", isPrivate: true);
        };
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        await _git.DisposeAsync();
        await _provider.DisposeAsync();
        await _gitHub.DisposeAsync();
    }

    public void Dispose()
    {
        _browser.Dispose();
        _code.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Pushes_and_pull_requests_of_a_connected_repository_are_deployed_and_told()
    {
        var api = FreePorts.Take();
        _browser.BaseAddress = new Uri($"http://127.0.0.1:{api}");
        await StartAsync("Api", _browser.BaseAddress);
        var worker = await StartAsync("BuildWorker");
        await ConnectAsync();

        // Import: the repository is listed, deployed from its private source, and listened to from then on.
        var first = Push("one");
        var listed = await GetAsync("/api/github/repos");
        listed.ToString().ShouldContain("ada/shop");
        var made = await PostAsync("/api/deployments", new { repository = "shop", branch = "main" });
        var project = made.GetProperty("projectId").GetGuid();
        await SuccessAsync(made.GetProperty("id").GetGuid());
        await Eventually.TrueAsync(() => _gitHub.Webhooks.Count == 1 && _gitHub.Statuses.Any(status => status.Sha == first && status.State == "success"));
        _gitHub.Webhooks.Values.Single().Url.ShouldEndWith("/api/github/webhook");

        // A push.
        var second = Push("two");
        await DeliverAsync("push", PushBody(second), "push-2");
        await SuccessAsync(await NewestAsync(project, second));
        await Eventually.TrueAsync(() => _gitHub.Statuses.Where(status => status.Sha == second).Select(status => status.State).Distinct().Order().SequenceEqual(["pending", "success"]));

        // A pull request, and a second commit of it: one comment, changed in place.
        var third = Push("three", "feature");
        await DeliverAsync("pull_request", PullBody("opened", 7, third, "feature", "ada"), "pull-7");
        await SuccessAsync(await NewestAsync(project, third));
        await Eventually.TrueAsync(() => _gitHub.Comments.Values.Any(each => each.Body.Contains("Deployed.", StringComparison.Ordinal)));
        var comment = _gitHub.Comments.ShouldHaveSingleItem();
        var fourth = Push("four", "feature");
        await DeliverAsync("pull_request", PullBody("synchronize", 7, fourth, "feature", "ada"), "pull-7-again");
        var preview = await NewestAsync(project, fourth);
        await SuccessAsync(preview);
        await Eventually.TrueAsync(() => _gitHub.Comments.TryGetValue(comment.Key, out var now) && now.Body.Contains($"{preview:N}", StringComparison.Ordinal));
        _gitHub.Comments.Count.ShouldBe(1);

        // A fork is looked at first.
        var fifth = Push("five", "from-eve");
        await DeliverAsync("pull_request", PullBody("opened", 8, fifth, "from-eve", "eve"), "pull-8");
        var forked = await NewestAsync(project, fifth);
        (await GetAsync($"/api/deployments/{forked}")).GetProperty("status").GetString().ShouldBe("queued");
        await PostAsync($"/api/deployments/{forked}/approve");
        await SuccessAsync(forked);

        await RulesAsync(project, worker);

        // Whoever disconnects is forgotten here and there.
        (await _browser.DeleteAsync("/api/github/disconnect")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => !_gitHub.Knows(_token), TimeSpan.FromMinutes(1));
        _git.Leaks.ShouldBeEmpty();
    }

    /// <summary>What deploys nothing, or something else than was pushed.</summary>
    private async Task RulesAsync(Guid project, PlatformProcess worker)
    {
        var skipped = Push("six");
        await DeliverAsync("push", PushBody(skipped, "Words only [skip ci]"), "skipped");
        (await OutcomeAsync("skipped")).GetProperty("outcome").GetString().ShouldBe("skipped");

        (await _browser.PutAsJsonAsync($"/api/projects/{project}", new { name = "shop", repository = "ada/shop", branch = "main", autoDeploy = true, watchPaths = new[] { "src/**" } })).EnsureSuccessStatusCode();
        await DeliverAsync("push", PushBody(Push("seven"), files: "docs/readme.md"), "not-watched");
        (await OutcomeAsync("not-watched")).GetProperty("outcome").GetString().ShouldBe("skipped");

        // While no worker is there the newer of two commits takes the place of the older one.
        worker.Kill();
        var (older, newer) = (Push("eight"), Push("nine"));
        await DeliverAsync("push", PushBody(older, files: "src/a.ts"), "older");
        await DeliverAsync("push", PushBody(newer, files: "src/a.ts"), "newer");
        var superseded = await NewestAsync(project, older);
        (await GetAsync($"/api/deployments/{superseded}")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await fixture.ReadLogAsync(superseded)).ShouldHaveSingleItem().Message.ShouldContain(newer[..7]);
        await StartAsync("BuildWorker");
        await SuccessAsync(await NewestAsync(project, newer));
        await Eventually.TrueAsync(() => _gitHub.Statuses.Any(status => status.Sha == older && status.State == "error"));

        // The same delivery twice is one; a replay is wanted, and deploys what the rules had left out.
        (await DeliverAsync("push", PushBody(newer, files: "src/a.ts"), "newer")).GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        var id = (await DeliveriesAsync()).Single(each => each.GetProperty("deliveryId").GetString() == "skipped").GetProperty("id").GetGuid();
        (await _browser.PostAsync($"/api/github/deliveries/{id}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await SuccessAsync(await NewestAsync(project, skipped));

        (await SendAsync("push", Bytes(PushBody(newer)), "forged", "sha256=" + new string('0', 64))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await DeliveriesAsync()).ShouldNotContain(each => each.GetProperty("deliveryId").GetString() == "forged");
    }

    private async Task<PlatformProcess> StartAsync(string project, Uri? address = null)
    {
        var environment = fixture.Settings(
            ("JWT_SECRET", "only-for-the-journey-of-the-tests-0123456789"), ("RateLimits:General:PermitLimit", "100000"), ("RateLimits:Auth:PermitLimit", "100000"),
            ("RateLimits:Deployments:PermitLimit", "100000"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"),
            ("PublicUrls:Frontend", "http://localhost:3999"), ("GitHub:ApiUrl", _gitHub.Address.AbsoluteUri), ("GITHUB_CLIENT_ID", FakeOAuthProvider.ClientId),
            ("GITHUB_CLIENT_SECRET", FakeOAuthProvider.ClientSecret), ("GITHUB_WEBHOOK_SECRET", HookSecret), ("GITHUB_WEBHOOK_URL", $"{_browser.BaseAddress}api/github/webhook"),
            ("GitHub:AuthorizeUrl", $"{_provider.Address}authorize"), ("GitHub:TokenUrl", $"{_provider.Address}token"), ("GitHub:UserInfoUrl", $"{_provider.Address}userinfo"),
            ("Sources:GitHubHost", _git.Host), ("Build:CaBundle", _git.CaBundle));
        var process = await PlatformProcess.StartAsync(
            project, environment.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!), address);
        _processes.Add(process);
        return process;
    }

    private async Task ConnectAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var signedUp = await PostAsync("/api/auth/signup", new { name = "Ada", email, password = "Correct-Horse-9-Battery" });
        await using (var database = fixture.CreateContext())
            await database.Users.Where(user => user.Email == email).ExecuteUpdateAsync(user => user.SetProperty(each => each.EmailConfirmed, true));
        _browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedUp.GetProperty("accessToken").GetString());
        var page = new Uri((await PostAsync("/api/github/connect", new { returnUrl = "/dashboard" })).GetProperty("url").GetString()!);
        using var back = await _browser.GetAsync(_provider.Authorize(page, Ada));
        back.Headers.Location!.AbsoluteUri.ShouldEndWith("github=connected");
    }

    /// <summary>A commit, as GitHub knows it then.</summary>
    private string Push(string text, string branch = "main")
    {
        _code.Write("index.html", $"<h1>{text}</h1>");
        var sha = _code.Commit(text, branch);
        (_shop.Branches[branch], _shop.Messages[sha]) = (sha, text);
        return sha;
    }

    private JsonObject PushBody(string sha, string message = "Change", string files = "index.html") => new()
    {
        ["ref"] = "refs/heads/main",
        ["after"] = sha,
        ["repository"] = Repository(),
        ["head_commit"] = new JsonObject { ["id"] = sha, ["message"] = message },
        ["commits"] = new JsonArray(new JsonObject { ["id"] = sha, ["message"] = message, ["modified"] = new JsonArray(files) }),
    };

    private JsonObject PullBody(string action, int number, string sha, string branch, string owner) => new()
    {
        ["action"] = action,
        ["number"] = number,
        ["repository"] = Repository(),
        ["pull_request"] = new JsonObject
        {
            ["number"] = number,
            ["title"] = "Change",
            ["head"] = new JsonObject
            {
                ["ref"] = branch,
                ["sha"] = sha,
                ["repo"] = owner == "ada" ? Repository() : new JsonObject { ["id"] = 42, ["full_name"] = $"{owner}/shop", ["clone_url"] = $"https://{_git.Host}/{owner}/shop" },
            },
        },
    };

    private JsonObject Repository() => new() { ["id"] = _shop.Id, ["full_name"] = "ada/shop", ["clone_url"] = $"https://{_git.Host}/ada/shop.git" };

    private static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    private async Task<JsonElement> DeliverAsync(string name, JsonObject body, string id)
    {
        var bytes = Bytes(body);
        using var answer = await SendAsync(name, bytes, id, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), bytes)));
        return await ReadAsync(answer);
    }

    private async Task<HttpResponseMessage> SendAsync(string name, byte[] body, string id, string signature)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gitHub.Webhooks.Values.Single().Url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", id);
        request.Headers.Add("X-Hub-Signature-256", signature);
        return await client.SendAsync(request);
    }

    private async Task<List<JsonElement>> DeliveriesAsync() => [.. (await GetAsync("/api/github/deliveries?limit=100")).GetProperty("deliveries").EnumerateArray()];

    private async Task<JsonElement> OutcomeAsync(string delivery) =>
        (await DeliveriesAsync()).Single(each => each.GetProperty("deliveryId").GetString() == delivery).GetProperty("projects").EnumerateArray().Single();

    private async Task<Guid> NewestAsync(Guid project, string sha)
    {
        await using var database = fixture.CreateContext();
        return await database.Deployments.Where(row => row.ProjectId == project && row.RequestedCommit == sha).OrderByDescending(row => row.CreatedAt).Select(row => row.Id).FirstAsync();
    }

    private async Task SuccessAsync(Guid id)
    {
        var row = await fixture.WaitForEndAsync(id);
        row.Status.ShouldBe(DeploymentStatus.Success, string.Join('\n', (await fixture.ReadLogAsync(id)).Select(line => line.Message)));
    }

    private async Task<JsonElement> GetAsync(string path) => await ReadAsync(await _browser.GetAsync(path));

    private async Task<JsonElement> PostAsync(string path, object? body = null) => await ReadAsync(await _browser.PostAsJsonAsync(path, body ?? new { }));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }
}
