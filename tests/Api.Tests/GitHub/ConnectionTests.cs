using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.OAuth;
using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Api.Tests.GitHub;

[Trait("Category", "Integration")]
public sealed class ConnectionTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task GitHub_is_connected_with_its_scopes_and_disconnected_with_its_token_revoked()
    {
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("google", IdentityFactory.NewPerson());
        var person = IdentityFactory.NewPerson();
        var begun = await (await browser.SendAsync(HttpMethod.Post, "/api/github/connect", new { returnUrl = "/dashboard" })).ReadJsonAsync();
        var page = new Uri(begun.GetProperty("url").GetString()!);
        page.Query("scope").ShouldBe("repo user:email");

        var end = await browser.GoAsync(api.GitHub.Authorize(page, person).PathAndQuery);

        end.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/dashboard?github=connected");
        foreach (var path in new[] { "/api/github/connection", "/api/github/connection-status" })
        {
            var state = await (await browser.Client.GetAsync(path)).ReadJsonAsync();
            (state.GetProperty("connected").GetBoolean(), state.GetProperty("username").GetString(), state.GetProperty("repositoriesShown").GetBoolean()).ShouldBe((true, person.Name, true));
            state.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["repo", "user:email"]);
        }

        // Connected is not signed in by: the login stays Google's.
        (await (await browser.Client.GetAsync("/api/user/logins")).ReadJsonAsync()).GetProperty("logins").GetArrayLength().ShouldBe(1);
        var token = api.TokenOf(person);
        await using var database = api.CreateContext();
        (await database.GitHubConnections.Select(row => row.GitHubAccessToken).ToListAsync()).ShouldAllBe(stored => !stored.Contains(token));

        // Nobody waits for GitHub.
        var asked = api.GitHubApi.Requests.Count;
        (await browser.SendAsync(HttpMethod.Delete, "/api/github/disconnect")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        api.GitHubApi.Requests.Count.ShouldBe(asked);

        (await (await browser.Client.GetAsync("/api/github/connection")).ReadJsonAsync()).GetProperty("connected").GetBoolean().ShouldBeFalse();
        (await api.RevocationsAsync()).Where(job => job.Login == person.Name).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            job => job.Token.ShouldNotContain(token),
            job => api.Services.GetRequiredService<GitHubTokens>().Unprotect(job.Token).ShouldBe(token),
            job => job.After.ShouldBeEmpty());
        await (await browser.SendAsync(HttpMethod.Delete, "/api/github/disconnect")).ShouldBeErrorAsync(404, "GITHUB_NOT_CONNECTED");
    }

    [Fact]
    public async Task The_token_of_another_account_that_was_connected_before_is_revoked_and_one_of_the_same_is_not()
    {
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("google", IdentityFactory.NewPerson());
        var (first, second) = (IdentityFactory.NewPerson(), IdentityFactory.NewPerson());
        var token = await ConnectAsync(browser, first);

        await ConnectAsync(browser, second);
        await ConnectAsync(browser, second);

        var revocations = (await api.RevocationsAsync()).Where(job => job.Login == first.Name || job.Login == second.Name);
        revocations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            job => job.Login.ShouldBe(first.Name),
            job => api.Services.GetRequiredService<GitHubTokens>().Unprotect(job.Token).ShouldBe(token));
        (await (await browser.Client.GetAsync("/api/github/connection")).ReadJsonAsync()).GetProperty("username").GetString().ShouldBe(second.Name);
    }

    [Theory]
    [InlineData("id", "314159", true, true)]
    [InlineData("id", "", true, false)]
    [InlineData("", "314159", true, true)]
    [InlineData("", "", false, false)]
    public async Task What_is_not_configured_is_not_offered(string oauth, string app, bool available, bool appAvailable)
    {
        var user = await api.SignUpAsync();
        using var other = api.With(("GitHub:ClientId", oauth), ("GitHubApp:AppId", app));
        using var client = other.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;

        var state = await (await client.GetAsync("/api/github/connection-status")).ReadJsonAsync();

        (state.GetProperty("available").GetBoolean(), state.GetProperty("appAvailable").GetBoolean(), state.GetProperty("connected").GetBoolean()).ShouldBe((available, appAvailable, false));
        (await client.PostAsJsonAsync("/api/github/connect", new { })).StatusCode.ShouldBe(available ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        if (!appAvailable) await (await client.GetAsync("/api/github/app/install")).ShouldBeErrorAsync(404, "GITHUB_APP_NOT_CONFIGURED");
    }

    [Fact]
    public async Task No_other_place_is_returned_to()
    {
        var user = await api.SignUpAsync();
        await (await user.Client.PostAsJsonAsync("/api/github/connect", new { returnUrl = "https://evil.example" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Repositories_are_searched_paged_and_kept_for_a_while()
    {
        var (user, account, _) = await api.ConnectedAsync();
        for (var number = 0; number < 130; number++) account.AddRepository($"site-{number:000}", isPrivate: number % 2 == 0).PushedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);

        var first = await (await user.Client.GetAsync("/api/github/repos?limit=5")).ReadJsonAsync();
        account.AddRepository("newest").PushedAt = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        var kept = await (await user.Client.GetAsync("/api/github/repos?search=SITE-12&limit=3&page=2")).ReadJsonAsync();
        var fresh = await (await user.Client.GetAsync("/api/github/repos?refresh=true&limit=1")).ReadJsonAsync();

        first.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(130);
        first.GetProperty("repositories")[0].GetProperty("name").GetString().ShouldBe("site-129");
        kept.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(10);
        kept.GetProperty("repositories").GetArrayLength().ShouldBe(3);
        fresh.GetProperty("repositories")[0].GetProperty("name").GetString().ShouldBe("newest");
        // Asking anew costs nothing while nothing has changed.
        var counted = api.GitHubApi.Counted.Count;
        (await user.Client.GetAsync("/api/github/repos?refresh=true")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.GitHubApi.Counted.Count.ShouldBe(counted);
        await (await user.Client.GetAsync("/api/github/repos?limit=101")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Repositories_are_shown_to_those_who_connected_and_chose_GitHub()
    {
        await (await (await api.SignUpAsync()).Client.GetAsync("/api/github/repos")).ShouldBeErrorAsync(409, "GITHUB_NOT_CONNECTED");
        var (user, _, _) = await api.ConnectedAsync();
        await user.Client.PutAsJsonAsync("/api/user/onboarding", new { hostingOption = "autostack_hosting" });
        await (await user.Client.GetAsync("/api/github/repos")).ShouldBeErrorAsync(409, "GITHUB_NOT_CHOSEN");
    }

    [Fact]
    public async Task Branches_and_commits_are_found_by_every_form_of_the_name()
    {
        var (user, account, _) = await api.ConnectedAsync();
        var repository = account.AddRepository("shop", isPrivate: true);
        (repository.Branches["main"], repository.Branches["feature/ü"], repository.CommitCount) = (GitHubFixture.Sha("m"), GitHubFixture.Sha("u"), 3);

        foreach (var name in new[] { "shop", $"{repository.Owner}%2Fshop", $"{repository.Owner}/shop" })
        {
            var found = await (await user.Client.GetAsync($"/api/github/repos/{name}/branches")).ReadJsonAsync();
            found.GetProperty("branches").EnumerateArray().Select(branch => branch.GetProperty("name").GetString()).ShouldBe(["feature/ü", "main"]);
            found.GetProperty("defaultBranch").GetString().ShouldBe("main");
        }

        var commits = await (await user.Client.GetAsync($"/api/github/repos/{repository.Owner}/shop/commits?branch=feature%2F%C3%BC&limit=2")).ReadJsonAsync();
        (commits.GetProperty("commits").GetArrayLength(), commits.GetProperty("hasNext").GetBoolean()).ShouldBe((2, true));
        await (await user.Client.GetAsync("/api/github/repos/nothing/branches")).ShouldBeErrorAsync(404, "GITHUB_REPOSITORY_NOT_FOUND");
        await (await user.Client.GetAsync("/api/github/repos/..%2F../branches")).ShouldBeErrorAsync(404, "GITHUB_REPOSITORY_NOT_FOUND");
    }

    [Fact]
    public async Task A_token_that_GitHub_refuses_breaks_the_connection_until_it_is_made_again()
    {
        var (user, _, token) = await api.ConnectedAsync();
        api.GitHubApi.Revoke(token);

        await (await user.Client.GetAsync("/api/github/repos/shop/branches")).ShouldBeErrorAsync(409, "GITHUB_CONNECTION_BROKEN");

        var state = await (await user.Client.GetAsync("/api/github/connection")).ReadJsonAsync();
        (state.GetProperty("connected").GetBoolean(), state.GetProperty("broken").GetBoolean()).ShouldBe((false, true));
        await (await user.Client.GetAsync("/api/github/repos")).ShouldBeErrorAsync(409, "GITHUB_CONNECTION_BROKEN");
    }

    [Fact]
    public async Task Limits_and_failures_of_GitHub_are_told()
    {
        await using var gitHub = await FakeGitHub.StartAsync();
        using var other = api.With(("GitHub:ApiUrl", gitHub.Address.AbsoluteUri));
        var (limitedUser, _, _) = await api.ConnectedAsync();
        var (user, _, _) = await api.ConnectedAsync();
        using var client = other.CreateClient();

        client.DefaultRequestHeaders.Authorization = limitedUser.Client.DefaultRequestHeaders.Authorization;
        gitHub.FailWith(429, "slow down", ("Retry-After", "42"));
        var limited = await client.GetAsync("/api/github/repos/shop/branches");
        await limited.ShouldBeErrorAsync(429, "GITHUB_RATE_LIMITED");
        limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 43);
        // GitHub is not asked again before that.
        gitHub.FailWith(null);
        var asked = gitHub.Requests.Count;
        await (await client.GetAsync("/api/github/repos")).ShouldBeErrorAsync(429, "GITHUB_RATE_LIMITED");
        gitHub.Requests.Count.ShouldBe(asked);

        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        gitHub.FailWith(503, "unicorns");
        await (await client.GetAsync("/api/github/repos/shop/branches")).ShouldBeErrorAsync(503, "GITHUB_UNAVAILABLE");
        gitHub.FailWith(403, "no");
        await (await client.GetAsync("/api/github/repos/shop/branches")).ShouldBeErrorAsync(403, "GITHUB_FORBIDDEN");
        (await (await client.GetAsync("/api/github/connection")).ReadJsonAsync()).GetProperty("connected").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_repository_is_deployed_by_its_name()
    {
        var (user, account, _) = await api.ConnectedAsync();
        var repository = account.AddRepository("my-app", isPrivate: true);

        foreach (var name in new[] { "my-app", $"{repository.Owner}/my-app", $"https://github.com/{repository.Owner}/my-app.git" })
        {
            var answer = await user.Client.PostAsJsonAsync("/api/deployments", new { repository = name, branch = "main" });
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        }

        await using var database = api.CreateContext();
        var project = await database.Projects.SingleAsync(row => row.OwnerId == user.Id);
        (project.Repository, project.GitHubRepoId).ShouldBe(($"https://github.com/{repository.Owner}/my-app", repository.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        (await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "nothing", branch = "main" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR"))
            .GetProperty("details").TryGetProperty("repository", out _).ShouldBeTrue();
        // Somebody else's account does not open it.
        var (stranger, _, _) = await api.ConnectedAsync();
        await (await stranger.Client.PostAsJsonAsync("/api/deployments", new { repository = $"{repository.Owner}/my-app", branch = "main" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task A_token_that_ran_out_and_cannot_be_renewed_is_broken()
    {
        var (user, _, _) = await api.ConnectedAsync(expires: api.Time.GetUtcNow().AddMinutes(-1), refresh: "ghr_unknown");
        var connections = api.Services.GetRequiredService<GitHubConnections>();

        (await connections.FindAsync(user.Id, CancellationToken.None))!.Token.ShouldBeNull();

        (await (await user.Client.GetAsync("/api/github/connection")).ReadJsonAsync()).GetProperty("broken").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_is_renewed_once_before_it_runs_out()
    {
        var refresh = api.GitHub.IssueRefreshToken(IdentityFactory.NewPerson());
        var (user, _, old) = await api.ConnectedAsync(expires: api.Time.GetUtcNow().AddMinutes(2), refresh: refresh);
        var connections = api.Services.GetRequiredService<GitHubConnections>();

        var found = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => connections.FindAsync(user.Id, CancellationToken.None)));

        var token = found.Select(each => each!.Token).Distinct().ShouldHaveSingleItem();
        token.ShouldNotBe(old);
        token.ShouldNotBeNull();
    }

    private async Task<string> ConnectAsync(Browser browser, FakePerson person)
    {
        var begun = await (await browser.SendAsync(HttpMethod.Post, "/api/github/connect", new { returnUrl = "/dashboard" })).ReadJsonAsync();
        var end = await browser.GoAsync(api.GitHub.Authorize(new Uri(begun.GetProperty("url").GetString()!), person).PathAndQuery);
        end.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/dashboard?github=connected");
        return api.TokenOf(person);
    }
}
