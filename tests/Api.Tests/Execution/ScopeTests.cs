using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Platform.Api.Tests.Execution;

/// <summary>API tokens wherever code is run: the scope for it opens all of them, and no other one does.</summary>
[Trait("Category", "Integration")]
public sealed class ScopeTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    private static readonly object PistonJob = new { language = "py", version = "*", files = new[] { new { content = "prints" } } };

    [Fact]
    public async Task The_scope_to_run_code_opens_pistons_facade()
    {
        using var client = fixture.Api.CreateClient(await NewTokenAsync("execute"));
        var (status, body) = await ApiInstance.PostAsync(client, "/api/v2/execute", PistonJob);
        status.ShouldBe(200, body.ToString());
        (await client.GetAsync("/api/v2/runtimes")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("execute", true)]
    [InlineData("execute", false)]
    public async Task The_scope_to_run_code_opens_the_sockets(string scope, bool inAddress)
    {
        var token = await NewTokenAsync(scope);
        using var piston = await ConnectAsync("/api/v2/connect", token, inAddress);
        await piston.SendAsync(new { type = "init", language = "py", version = "*", files = new[] { new { content = "prints" } } });
        await piston.SendAsync(new { type = "stdin_close" });
        (await piston.ReceiveAsync("exit")).GetProperty("code").GetInt32().ShouldBe(0);

        using var stream = await ConnectAsync("/api/execute/stream/s", token, inAddress);
        await stream.SendAsync(new { type = "start", language = "python", code = "prints" });
        await stream.SendAsync(new { type = "stdin_close" });
        (await stream.ReceiveAsync("exit")).GetProperty("exitCode").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_shared_snippet_is_run_by_the_scope_to_run_code_and_read_by_its_own()
    {
        var user = await fixture.Api.SignUpAsync();
        var snippet = await (await user.Client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "prints", visibility = "unlisted" })).ReadJsonAsync();
        var (own, shared) = ($"/api/snippets/{snippet.GetProperty("id").GetGuid()}", snippet.GetProperty("embedUrl").GetString()!.Replace("/embed", "", StringComparison.Ordinal));
        using var runs = fixture.Api.CreateClient(await NewTokenAsync("execute", user));
        using var keeps = fixture.Api.CreateClient(await NewTokenAsync("snippets", user));

        var (status, body) = await ApiInstance.PostAsync(runs, $"{shared}/run", new { });
        status.ShouldBe(200, body.ToString());
        foreach (var address in new[] { own, shared })
        {
            await ShouldNeedAsync(await keeps.PostAsJsonAsync($"{address}/run", new { }), "execute");
            (await keeps.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await ShouldNeedAsync(await runs.GetAsync(address), "snippets:read");
        }
    }

    [Theory]
    [InlineData("private", true)]
    [InlineData("unlisted", true)]
    [InlineData("public", false)]
    public async Task To_run_what_others_may_not_see_needs_the_scope_to_read_it(string visibility, bool needsBoth)
    {
        var user = await fixture.Api.SignUpAsync();
        var snippet = await (await user.Client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "prints", visibility })).ReadJsonAsync();
        var run = $"/api/snippets/{snippet.GetProperty("id").GetGuid()}/run";
        using var runs = fixture.Api.CreateClient(await NewTokenAsync("execute", user));
        using var foreign = fixture.Api.CreateClient(await NewTokenAsync("execute"));

        if (needsBoth) await ShouldNeedAsync(await runs.PostAsJsonAsync(run, new { }), "snippets:read");
        else (await ApiInstance.PostAsync(runs, run, new { })).Status.ShouldBe(200);
        // Others do not learn that it exists.
        (await ApiInstance.PostAsync(foreign, run, new { })).Status.ShouldBe(needsBoth ? 404 : 200);
        foreach (var scope in new[] { "snippets:read", "snippets" })
        {
            using var both = fixture.Api.CreateClient(await NewTokenAsync(user, ["execute", scope]));
            (await ApiInstance.PostAsync(both, run, new { })).Status.ShouldBe(200);
        }

        (await ApiInstance.PostAsync(user.Client, run, new { })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Any_other_scope_runs_nothing()
    {
        var token = await NewTokenAsync("snippets", "deployments:write", "workspaces");
        using var client = fixture.Api.CreateClient(token);
        // Piston's clients read one message.
        foreach (var answer in new[] { await client.PostAsJsonAsync("/api/v2/execute", PistonJob), await client.GetAsync("/api/v2/runtimes") })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("execute");
        }

        await ShouldNeedAsync(await client.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "prints" }), "execute");
        await ShouldNeedAsync(await client.PostAsJsonAsync("/api/execute/batch", new { executions = new[] { new { language = "python", code = "prints" } } }), "execute");
        foreach (var (path, inAddress) in new[] { ("/api/v2/connect", true), ("/api/v2/connect", false), ("/api/execute/stream/s", true), ("/api/execute/stream/s", false) })
            (await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(path, token, inAddress))).Message.ShouldContain("403");
    }

    private async Task<TestSocket> ConnectAsync(string path, string token, bool inAddress) =>
        inAddress ? await fixture.Api.ConnectAsync($"{path}?token={token}") : await fixture.Api.ConnectAsync(path, token);

    private async Task<string> NewTokenAsync(params string[] scopes) => await NewTokenAsync(await fixture.Api.SignUpAsync(), scopes);

    private static Task<string> NewTokenAsync(string scope, ApiUser user) => NewTokenAsync(user, [scope]);

    private static async Task<string> NewTokenAsync(ApiUser user, string[] scopes) =>
        (await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "runs", scopes })).ReadJsonAsync()).GetProperty("token").GetString()!;

    private static async Task ShouldNeedAsync(HttpResponseMessage answer, string scope)
    {
        var error = await answer.ShouldBeErrorAsync(403, "INSUFFICIENT_SCOPE");
        error.GetProperty("details").GetProperty("requiredScope").GetString().ShouldBe(scope);
    }
}
