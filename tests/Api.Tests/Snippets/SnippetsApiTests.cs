using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Api.Tests.Snippets;

[Trait("Category", "Integration")]
public sealed class SnippetsApiTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_snippet_is_kept_as_it_was_given()
    {
        var user = await api.SignUpAsync();

        var created = await CreateAsync(user, new
        {
            title = " Sum ",
            language = "py",
            code = "print(sum(map(int, input().split())))\n",
            description = "Adds",
            tags = new[] { "Math", "math", "c++" },
            stdin = "1 2 3",
            args = new[] { "-x" },
        });

        created.GetProperty("title").GetString().ShouldBe("Sum");
        created.GetProperty("language").GetString().ShouldBe("python");
        created.GetProperty("files")[0].GetProperty("name").GetString().ShouldBe("main.py");
        created.GetProperty("code").GetString().ShouldBe("print(sum(map(int, input().split())))\n");
        created.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["math", "c++"]);
        created.GetProperty("visibility").GetString().ShouldBe("private");
        created.GetProperty("shareUrl").ValueKind.ShouldBe(JsonValueKind.Null);
        created.GetProperty("version").GetInt64().ShouldBe(1);
        created.GetProperty("author").GetProperty("name").GetString().ShouldBe("Test Person");
        created.GetProperty("canWrite").GetBoolean().ShouldBeTrue();
        var read = await (await user.Client.GetAsync(Address(created))).ReadJsonAsync();
        read.GetRawText().ShouldBe(created.GetRawText());
    }

    [Theory]
    [InlineData("""{"language":"python","code":"1"}""", "title")]
    [InlineData("""{"title":"x","language":"klingon","code":"1"}""", "language")]
    [InlineData("""{"title":"x","language":"python"}""", "code")]
    [InlineData("""{"title":"x","language":"python","code":"a\u0000b"}""", "code")]
    [InlineData("""{"title":"x","language":"python","code":"1","files":[]}""", "code")]
    [InlineData("""{"title":"x","language":"python","files":[]}""", "files")]
    [InlineData("""{"title":"x","language":"python","files":[null]}""", "files[0].name")]
    [InlineData("""{"title":"x","language":"python","files":[{"name":"../a","content":""}]}""", "files[0].name")]
    [InlineData("""{"title":"x","language":"python","files":[{"name":"/a","content":""}]}""", "files[0].name")]
    [InlineData("""{"title":"x","language":"python","files":[{"name":"a","content":""},{"name":"a","content":""}]}""", "files")]
    [InlineData("""{"title":"x","language":"python","files":[{"name":"a","content":""},{"name":"a/b","content":""}]}""", "files")]
    [InlineData("""{"title":"x","language":"python","files":[{"name":"a"}]}""", "files[0].content")]
    [InlineData("""{"title":"x","language":"python","code":"1","tags":["not a tag"]}""", "tags")]
    [InlineData("""{"title":"x","language":"python","code":"1","args":[null]}""", "args")]
    [InlineData("""{"title":"a\nb","language":"python","code":"1"}""", "title")]
    public async Task What_is_not_valid_is_refused_by_field(string body, string field)
    {
        var user = await api.SignUpAsync();

        var response = await user.Client.PostAsync("/api/snippets", new StringContent(body, null, "application/json"));

        var error = await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(each => each.Name).ShouldContain(field);
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_refused()
    {
        var user = await api.SignUpAsync();

        var response = await user.Client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = new string('a', 600 * 1024) });

        await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_one_wins()
    {
        var user = await api.SignUpAsync();
        var snippet = await CreateAsync(user, new { title = "x", language = "python", code = "0" });

        var answers = await Task.WhenAll(Enumerable.Range(1, 5).Select(number =>
            user.Client.PutAsJsonAsync(Address(snippet), new { version = 1, code = $"{number}" })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var answer in answers.Where(answer => !answer.IsSuccessStatusCode))
            (await answer.ShouldBeErrorAsync(409, "SNIPPET_CHANGED")).GetProperty("details").GetProperty("version").GetInt64().ShouldBe(2);
        await (await user.Client.PutAsJsonAsync(Address(snippet), new { code = "x" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Earlier_states_are_kept_and_can_come_back()
    {
        var user = await api.SignUpAsync();
        var snippet = await CreateAsync(user, new { title = "one", language = "python", code = "1" });
        await (await user.Client.PutAsJsonAsync(Address(snippet), new { version = 1, title = "two", code = "2" })).ReadJsonAsync();

        var list = await (await user.Client.GetAsync($"{Address(snippet)}/revisions")).ReadJsonAsync();
        list.GetProperty("revisions").EnumerateArray().Select(each => (each.GetProperty("version").GetInt64(), each.GetProperty("title").GetString(), each.GetProperty("current").GetBoolean()))
            .ShouldBe([(2, "two", true), (1, "one", false)]);
        (await (await user.Client.GetAsync($"{Address(snippet)}/revisions/1")).ReadJsonAsync()).GetProperty("files")[0].GetProperty("content").GetString().ShouldBe("1");
        await (await user.Client.GetAsync($"{Address(snippet)}/revisions/7")).ShouldBeErrorAsync(404, "REVISION_NOT_FOUND");

        var restored = await (await user.Client.PostAsync($"{Address(snippet)}/revisions/1/restore", null)).ReadJsonAsync();
        restored.GetProperty("code").GetString().ShouldBe("1");
        restored.GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Old_states_are_let_go()
    {
        await using var small = api.With(("Snippets:MaxRevisions", "2"));
        var user = await api.SignUpAsync();
        using var client = small.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var snippet = await CreateAsync(user, new { title = "x", language = "python", code = "0" });
        for (var version = 1; version <= 5; version++)
            await (await client.PutAsJsonAsync(Address(snippet), new { version, code = $"{version}" })).ReadJsonAsync();

        var list = await (await client.GetAsync($"{Address(snippet)}/revisions")).ReadJsonAsync();

        list.GetProperty("revisions").EnumerateArray().Select(each => each.GetProperty("version").GetInt64()).ShouldBe([6, 5, 4]);
    }

    [Fact]
    public async Task What_is_private_is_not_there_for_others()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "mine", language = "python", code = "1" });
        using var anonymous = api.CreateClient();

        foreach (var client in new[] { other.Client, anonymous })
            await (await client.GetAsync(Address(snippet))).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await other.Client.PutAsJsonAsync(Address(snippet), new { version = 1, code = "2" })).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await other.Client.DeleteAsync(Address(snippet))).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await other.Client.PostAsync($"{Address(snippet)}/fork", null)).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await other.Client.GetAsync($"{Address(snippet)}/revisions")).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await other.Client.GetAsync($"/api/snippets?owner={owner.Id}")).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        await (await other.Client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "1", owner = owner.Id })).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
    }

    [Fact]
    public async Task What_is_public_is_read_by_all_and_written_by_its_owner()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "open", language = "python", code = "1", visibility = "public" });
        using var anonymous = api.CreateClient();

        (await (await anonymous.GetAsync(Address(snippet))).ReadJsonAsync()).GetProperty("canWrite").GetBoolean().ShouldBeFalse();
        await (await other.Client.PutAsJsonAsync(Address(snippet), new { version = 1, code = "2" })).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await other.Client.DeleteAsync(Address(snippet))).ShouldBeErrorAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_link_opens_what_is_unlisted_until_it_is_private_again()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "<b>link</b>", language = "python", code = "if 1 < 2: print('&')", visibility = "unlisted" });
        var link = snippet.GetProperty("embedUrl").GetString()!.Replace("/embed", "", StringComparison.Ordinal);
        snippet.GetProperty("shareUrl").GetString()!.ShouldStartWith($"{ApiFactory.Frontend}/s/");
        using var anonymous = api.CreateClient();

        (await (await anonymous.GetAsync(link)).ReadJsonAsync()).GetProperty("code").GetString().ShouldBe("if 1 < 2: print('&')");
        await (await other.Client.GetAsync(Address(snippet))).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        var embed = await anonymous.GetAsync($"{link}/embed");
        embed.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        embed.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors *");
        embed.Headers.Contains("X-Frame-Options").ShouldBeFalse();
        var page = await embed.Content.ReadAsStringAsync();
        page.ShouldContain("if 1 &lt; 2: print(&#39;&amp;&#39;)");
        page.ShouldNotContain("<b>link");
        (await anonymous.GetStringAsync($"{link}/raw")).ShouldBe("if 1 < 2: print('&')");

        await (await owner.Client.PutAsJsonAsync(Address(snippet), new { version = 1, visibility = "private" })).ReadJsonAsync();
        await (await anonymous.GetAsync(link)).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await owner.Client.PutAsJsonAsync(Address(snippet), new { version = 2, visibility = "unlisted" })).ReadJsonAsync();
        await (await anonymous.GetAsync(link)).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
    }

    [Fact]
    public async Task A_fork_belongs_to_who_made_it_and_is_counted()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "open", language = "python", code = "1", visibility = "public", stdin = "in" });

        var fork = await (await other.Client.PostAsync($"{Address(snippet)}/fork", null)).ReadJsonAsync();

        fork.GetProperty("owner").GetGuid().ShouldBe(other.Id);
        fork.GetProperty("forkedFrom").GetGuid().ShouldBe(snippet.GetProperty("id").GetGuid());
        fork.GetProperty("visibility").GetString().ShouldBe("private");
        fork.GetProperty("stdin").GetString().ShouldBe("in");
        (await (await owner.Client.GetAsync(Address(snippet))).ReadJsonAsync()).GetProperty("forks").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_has_the_link_can_fork_what_is_unlisted()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "linked", language = "python", code = "1", visibility = "unlisted" });
        var link = snippet.GetProperty("embedUrl").GetString()!.Replace("/embed", "/fork", StringComparison.Ordinal);
        using var anonymous = api.CreateClient();

        var fork = await (await other.Client.PostAsync(link, null)).ReadJsonAsync();

        (fork.GetProperty("owner").GetGuid(), fork.GetProperty("visibility").GetString(), fork.GetProperty("code").GetString()).ShouldBe((other.Id, "private", "1"));
        (await anonymous.PostAsync(link, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await (await other.Client.PostAsync("/api/snippets/shared/nothing/fork", null)).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await owner.Client.PutAsJsonAsync(Address(snippet), new { version = 1, visibility = "private" })).ReadJsonAsync();
        await (await other.Client.PostAsync(link, null)).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
    }

    [Fact]
    public async Task A_mark_counts_once_for_each_who_makes_it()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => api.SignUpAsync()));
        var snippet = await CreateAsync(users[0], new { title = "open", language = "python", code = "1", visibility = "public" });

        await Task.WhenAll(users.Concat(users).Select(async user =>
            (await user.Client.PutAsync($"{Address(snippet)}/star", null)).StatusCode.ShouldBe(HttpStatusCode.OK)));

        var seen = await (await users[1].Client.GetAsync(Address(snippet))).ReadJsonAsync();
        seen.GetProperty("stars").GetInt64().ShouldBe(3);
        seen.GetProperty("starred").GetBoolean().ShouldBeTrue();
        (await ListAsync(users[1], "?scope=starred")).Select(Title).ShouldBe(["open"]);
        await users[1].Client.DeleteAsync($"{Address(snippet)}/star");
        (await (await users[1].Client.GetAsync(Address(snippet))).ReadJsonAsync()).GetProperty("stars").GetInt64().ShouldBe(2);
        (await ListAsync(users[1], "?scope=starred")).ShouldBeEmpty();
        var others = await (await users[0].Client.PutAsJsonAsync(Address(snippet), new { version = 1, visibility = "private" })).ReadJsonAsync();
        others.GetProperty("stars").GetInt64().ShouldBe(2);
        (await ListAsync(users[2], "?scope=starred")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_deleted_is_gone_with_all_of_it()
    {
        var user = await api.SignUpAsync();
        var snippet = await CreateAsync(user, new { title = "x", language = "python", code = "0" });
        await (await user.Client.PutAsJsonAsync(Address(snippet), new { version = 1, code = "1" })).ReadJsonAsync();

        (await user.Client.DeleteAsync(Address(snippet))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await user.Client.GetAsync(Address(snippet))).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await (await user.Client.DeleteAsync(Address(snippet))).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        (await ListAsync(user)).ShouldBeEmpty();
        await using var database = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var command = database.CreateCommand("SELECT count(*) FROM documents WHERE data->>'snippetId' = $1");
        command.Parameters.AddWithValue(snippet.GetProperty("id").GetString()!);
        ((long)(await command.ExecuteScalarAsync())!).ShouldBe(0);
    }

    [Fact]
    public async Task An_export_can_be_imported()
    {
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        await CreateAsync(user, new { title = "a", language = "python", code = "1", tags = new[] { "t" } });
        await CreateAsync(user, new { title = "b", language = "javascript", files = new[] { new { name = "main.js", content = "1" }, new { name = "lib/x.js", content = "2" } } });

        var export = await (await user.Client.GetAsync("/api/snippets/export")).ReadJsonAsync();
        var imported = await (await other.Client.PostAsJsonAsync("/api/snippets/import", new { snippets = export.GetProperty("snippets") })).ReadJsonAsync();

        imported.GetProperty("ids").GetArrayLength().ShouldBe(2);
        (await ListAsync(other)).Select(Title).ShouldBe(["b", "a"]);
        var bad = await other.Client.PostAsJsonAsync("/api/snippets/import", new { snippets = new object[] { new { title = "ok", language = "python", code = "1" }, new { title = "", language = "python", code = "1" } } });
        (await bad.ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").EnumerateObject().Select(each => each.Name).ShouldBe(["snippets[1].title"]);
        (await ListAsync(other)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_owner_keeps_only_so_many()
    {
        await using var small = api.With(("Snippets:MaxPerOwner", "1"));
        var user = await api.SignUpAsync();
        using var client = small.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        (await client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "0" })).StatusCode.ShouldBe(HttpStatusCode.Created);

        await (await client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "0" })).ShouldBeErrorAsync(409, "SNIPPET_LIMIT");
    }

    internal static async Task<JsonElement> CreateAsync(ApiUser user, object body) => await (await user.Client.PostAsJsonAsync("/api/snippets", body)).ReadJsonAsync();

    internal static async Task<List<JsonElement>> ListAsync(ApiUser user, string query = "") =>
        [.. (await (await user.Client.GetAsync($"/api/snippets{query}")).ReadJsonAsync()).GetProperty("snippets").EnumerateArray()];

    internal static string Address(JsonElement snippet) => $"/api/snippets/{snippet.GetProperty("id").GetString()}";

    internal static string? Title(JsonElement snippet) => snippet.GetProperty("title").GetString();
}
