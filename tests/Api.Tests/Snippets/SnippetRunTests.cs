using System.Text;
using System.Text.Json;
using Platform.Api.Tests.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Snippets;

[Trait("Category", "Integration")]
public sealed class SnippetRunTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    [Fact]
    public async Task A_snippet_runs_with_its_files_and_its_input()
    {
        var seen = new List<(RunRequest Request, string Input)>();
        fixture.Workers.On("import", async (worker, request) =>
        {
            seen.Add((request, Encoding.UTF8.GetString((await worker.ReceiveAsync()).Payload.Span)));
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var user = await fixture.Api.SignUpAsync();
        var snippet = await CreateAsync(user, new
        {
            title = "x",
            language = "python",
            files = new[] { new { name = "main.py", content = "import lib" }, new { name = "lib.py", content = "print(1)" } },
            stdin = "saved",
            args = new[] { "-v" },
        });

        var (status, body) = await ApiInstance.PostAsync(user.Client, $"{SnippetsApiTests.Address(snippet)}/run", new { });
        (await ApiInstance.PostAsync(user.Client, $"{SnippetsApiTests.Address(snippet)}/run", new { stdin = "other", args = Array.Empty<string>() })).Status.ShouldBe(200);

        status.ShouldBe(200, body.ToString());
        body.GetProperty("status").GetString().ShouldBe("ok");
        seen.Select(run => run.Input).ShouldBe(["saved", "other"]);
        seen[0].Request.Files.Select(file => file.Path).ShouldBe(["main.py", "lib.py"]);
        seen.Select(run => run.Request.Arguments.Count).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Whoever_sees_a_snippet_can_run_it()
    {
        fixture.Workers.On("shared", async (worker, _) => await worker.FinishAsync(FakeWorkers.Ok));
        var (owner, other) = (await fixture.Api.SignUpAsync(), await fixture.Api.SignUpAsync());
        var hidden = await CreateAsync(owner, new { title = "x", language = "python", code = "shared run" });
        var open = await CreateAsync(owner, new { title = "x", language = "python", code = "shared run", visibility = "public" });
        var link = open.GetProperty("embedUrl").GetString()!.Replace("/embed", "/run", StringComparison.Ordinal);
        using var anonymous = fixture.Api.CreateClient();

        (await ApiInstance.PostAsync(other.Client, $"{SnippetsApiTests.Address(hidden)}/run", new { })).Status.ShouldBe(404);
        (await ApiInstance.PostAsync(other.Client, $"{SnippetsApiTests.Address(open)}/run", new { })).Status.ShouldBe(200);
        (await ApiInstance.PostAsync(anonymous, link, new { })).Status.ShouldBe(200);
        (await ApiInstance.PostAsync(anonymous, "/api/snippets/shared/nothing/run", new { })).Status.ShouldBe(404);
        (await ApiInstance.PostAsync(anonymous, link, new { args = new string?[] { null } })).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Arguments_that_no_program_can_be_given_are_refused_when_they_are_kept_and_when_they_are_sent()
    {
        var user = await fixture.Api.SignUpAsync();
        string[] args = [new('x', 128 * 1024)];
        var snippet = await CreateAsync(user, new { title = "x", language = "python", code = "prints", args = new[] { new string('x', 128 * 1024 - 1) } });

        (await ApiInstance.PostAsync(user.Client, $"{SnippetsApiTests.Address(snippet)}/run", new { })).Status.ShouldBe(200);
        foreach (var (path, body) in new[] { ("/api/snippets", new { title = "x", language = "python", code = "x", args } as object), ($"{SnippetsApiTests.Address(snippet)}/run", new { args }) })
        {
            var (status, error) = await ApiInstance.PostAsync(user.Client, path, body);
            status.ShouldBe(422, path);
            error.GetProperty("error").GetProperty("details").GetProperty("args")[0].GetString()!.ShouldContain("131072");
        }
    }

    private static async Task<JsonElement> CreateAsync(ApiUser user, object body)
    {
        var (status, created) = await ApiInstance.PostAsync(user.Client, "/api/snippets", body);
        status.ShouldBe(201, created.ToString());
        return created;
    }
}
