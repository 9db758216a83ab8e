using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.GitHub;
using Platform.Api.Tests.Mail;
using Platform.Api.Tests.OAuth;
using Platform.Api.Tests.Organizations;
using Platform.Api.Tests.SecondFactor;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Tests.Users;

[Trait("Category", "Integration")]
public sealed class AccountDeletionTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task Deleting_needs_a_proof()
    {
        var user = await api.SignUpAsync();
        await (await DeleteAsync(user, null)).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        await (await DeleteAsync(user, new { password = "wrong" })).ShouldBeErrorAsync(403, "WRONG_PASSWORD");
        (await user.Client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_of_an_account_stays()
    {
        await api.SignUpAsync();
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        await user.Client.PutAsJsonAsync("/api/user/preferences", new { theme = "dark" });
        await user.Client.PutAsJsonAsync("/api/user/onboarding", new { userType = "developer" });
        await user.Client.PutAsync("/api/user/avatar", new ByteArrayContent([0xFF, 0xD8, 0xFF, 0]));
        await user.Client.PutAsJsonAsync("/api/user/email", new { email = $"{Guid.NewGuid():N}@example.net", password = ApiFactory.Password });

        await (await user.Client.PostAsJsonAsync("/api/snippets", new { title = "Mine", language = "python", code = "print(1)" })).ReadJsonAsync();

        await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "execute" } })).ReadJsonAsync();
        var alone = await user.CreateOrganizationAsync("Alone");
        var (project, foreign) = (Guid.NewGuid(), Guid.NewGuid());
        await using var database = api.CreateContext();
        var other = await api.SignUpAsync();
        database.Projects.Add(new Project { Id = project, OwnerId = alone, UserId = other.Id, Name = "Site", Slug = $"alone-{project:N}"[..30], Repository = "sample:plain-html" });
        database.Executions.Add(new StoredExecution { OwnerId = alone, UserId = other.Id, Language = "python", Mode = "sync", Request = [], CreatedAt = api.Time.GetUtcNow() });
        database.Organizations.Add(new Organization { Id = foreign, Name = "Foreign", Slug = $"f-{foreign:N}" });
        database.OrganizationInvitations.Add(new OrganizationInvitation
        {
            OrganizationId = foreign,
            Email = user.Email,
            NormalizedEmail = user.Email.ToUpperInvariant(),
            Role = OrganizationRole.Viewer,
            TokenHash = $"{foreign:N}{foreign:N}",
            ExpiresAt = api.Time.GetUtcNow().AddDays(1),
        });
        await database.SaveChangesAsync();

        (await DeleteAsync(user, new { code = app.FreshCode() })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await TablesThatKnowAsync(database, user.Id)).ShouldBe(["audit_events"]);
        (await TablesThatKnowAsync(database, alone)).ShouldBe(["audit_events"]);
        (await database.OrganizationInvitations.CountAsync(row => row.OrganizationId == foreign)).ShouldBe(0);
        (await api.ReadMailsAsync(user.Email)).Select(mail => mail.Subject).ShouldBe(["Your account was deleted"]);
        var events = await database.AuditEvents.Where(row => row.ActorId == user.Id).ToListAsync();
        events.ShouldContain(row => row.Action == "account.deleted");
        events.Where(row => row.Action != "account.deleted").ShouldAllBe(row => row.IpAddress == null && row.UserAgent == null && row.Details == "{}");
        (await database.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM documents WHERE data::text LIKE {$"%{user.Id}%"}").SingleAsync()).ShouldBe(0);
        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        using var client = api.CreateClient();
        await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        (await api.SignUpAsync(user.Email)).Id.ShouldNotBe(user.Id);
        (await api.WaitForMailAsync(user.Email, "what belonged to it were deleted")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Sites_are_unpublished_and_builds_stopped()
    {
        await api.SignUpAsync();
        var user = await api.SignUpAsync();
        var created = await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "sample:plain-html", branch = "main" })).ReadJsonAsync();
        var deployment = created.GetProperty("id").GetGuid();
        await using var database = api.CreateContext();
        var row = await database.Deployments.AsNoTracking().SingleAsync(each => each.Id == deployment);
        var project = await database.Projects.AsNoTracking().SingleAsync(each => each.Id == row.ProjectId);
        var bus = api.Services.GetRequiredService<IEventBus>();
        await using var sites = await bus.SubscribeAsync<SiteChanged>(Topics.Sites, CancellationToken.None);

        (await DeleteAsync(user, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        // Topics are shared by all tests of the machine: ours comes among others.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var change in sites.ReadAllAsync(limit.Token))
        {
            if (change.Payload.Slug == project.Slug) break;
        }

        (await database.Projects.AnyAsync(each => each.OwnerId == user.Id, limit.Token)).ShouldBeFalse();
        (await database.Deployments.AnyAsync(each => each.OwnerId == user.Id, limit.Token)).ShouldBeFalse();
        (await database.OutboxJobs.AnyAsync(each => each.Id == row.JobId, limit.Token)).ShouldBeFalse();
        var job = await api.Services.GetRequiredService<IJobQueue>().FindAsync(row.JobId!.Value, limit.Token);
        (job is null || job.State == JobState.Cancelled).ShouldBeTrue(job?.State.ToString());
    }

    [Fact]
    public async Task Webhooks_at_GitHub_are_removed_later_by_a_token_that_the_job_takes_along()
    {
        await api.SignUpAsync();
        var (user, account, token) = await api.ConnectedAsync();
        var other = await api.SignUpAsync();
        var repository = account.AddRepository("shop");
        var alone = await user.CreateOrganizationAsync("Alone");
        foreach (var owner in new[] { user.Id, alone })
        {
            await api.AddProjectAsync(owner, repository.Id, row => (row.UserId, row.GitHubHookId) = (user.Id, 4711));
            await api.AddProjectAsync(owner, repository.Id + 1, row => (row.UserId, row.GitHubHookId) = (other.Id, 4712));
            await api.AddProjectAsync(owner, repository.Id + 2, row => row.UserId = user.Id);
        }

        // Nobody waits for GitHub.
        api.GitHubApi.FailWith(503, "unicorns");
        var asked = api.GitHubApi.Requests.Count;
        (await DeleteAsync(user, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        api.GitHubApi.FailWith(null);

        api.GitHubApi.Requests.Count.ShouldBe(asked);
        await using var database = api.CreateContext();
        // Relayed or not; for a moment they are both.
        var payloads = await database.Database.SqlQuery<string>(
            $"""
             SELECT payload::text AS "Value" FROM jobs WHERE type = 'remove-github-webhook'
             UNION ALL
             SELECT payload AS "Value" FROM outbox_jobs waiting WHERE type = 'remove-github-webhook' AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = waiting.id)
             """).ToListAsync();
        var placed = payloads.ConvertAll(payload => System.Text.Json.JsonSerializer.Deserialize<RemoveWebhookJob>(payload, System.Text.Json.JsonSerializerOptions.Web)!);
        placed.Count.ShouldBe(2);
        var own = placed.Single(job => job.HookId == 4711);
        (own.UserId, own.Repository, own.RepositoryId).ShouldBe((null, "https://github.com/ada/shop", repository.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        own.Token.ShouldNotBeNull().ShouldNotContain(token);
        api.Services.GetRequiredService<GitHubTokens>().Unprotect(own.Token!).ShouldBe(token);
        // The token is taken back when the jobs that need it are over.
        var revocation = (await api.RevocationsAsync()).Single(job => api.Services.GetRequiredService<GitHubTokens>().Unprotect(job.Token) == token);
        revocation.Token.ShouldNotContain(token);
        var removal = await database.Database.SqlQuery<Guid>(
            $"""
             SELECT id AS "Value" FROM jobs WHERE type = 'remove-github-webhook' AND payload::text ~ '"hookId": ?4711'
             UNION SELECT id FROM outbox_jobs WHERE type = 'remove-github-webhook' AND payload ~ '"hookId": ?4711'
             """).ToListAsync();
        revocation.After.ShouldBe([removal.ShouldHaveSingleItem()]);
        placed.Single(job => job.HookId == 4712).ShouldSatisfyAllConditions(job => job.UserId.ShouldBe(other.Id), job => job.Token.ShouldBeNull());
    }

    [Fact]
    public async Task What_was_made_for_an_organisation_stays_without_the_name()
    {
        await api.SignUpAsync();
        var user = await api.SignUpAsync();
        var (organisation, id) = (Guid.NewGuid(), Guid.NewGuid());
        await using var database = api.CreateContext();
        database.Organizations.Add(new Organization { Id = organisation, Name = "Shared", Slug = $"shared-{organisation:N}" });
        await database.SaveChangesAsync();
        database.Projects.Add(new Project { Id = id, OwnerId = organisation, UserId = user.Id, Name = "Shared", Slug = $"shared-{id:N}"[..30], Repository = "sample:plain-html" });
        database.Deployments.Add(new Deployment { OwnerId = organisation, UserId = user.Id, ProjectId = id, Branch = "main", Author = "Test Person" });
        await database.SaveChangesAsync();

        (await DeleteAsync(user, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        database.ChangeTracker.Clear();
        (await database.Projects.CountAsync(row => row.OwnerId == organisation)).ShouldBe(1);
        (await database.Deployments.SingleAsync(row => row.OwnerId == organisation)).Author.ShouldBe("Deleted account");
    }

    [Fact]
    public async Task The_only_owner_of_an_organisation_with_others_stays()
    {
        await api.SignUpAsync();
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var team = await user.CreateOrganizationAsync("Blue Team");
        await api.JoinAsync(team, other, OrganizationRole.Admin);
        var snippet = (await (await user.Client.PostAsJsonAsync("/api/snippets", new { title = "Mine", language = "python", code = "print(1)" })).ReadJsonAsync()).GetProperty("id").GetGuid();

        var error = await (await DeleteAsync(user, new { password = ApiFactory.Password })).ShouldBeErrorAsync(409, "LAST_OWNER");
        error.GetProperty("message").GetString()!.ShouldContain("Blue Team");
        (await user.Client.GetAsync($"/api/snippets/{snippet}")).StatusCode.ShouldBe(HttpStatusCode.OK, "a deletion that is refused costs nothing");

        (await other.Client.PostAsync($"/api/organizations/{team}/leave", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await DeleteAsync(user, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var database = api.CreateContext();
        (await database.Organizations.AnyAsync(row => row.Id == team)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_deletions_at_once_are_one()
    {
        await api.SignUpAsync();
        var user = await api.SignUpAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => DeleteAsync(user, new { password = ApiFactory.Password })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(2);
    }

    [Fact]
    public async Task Somebody_of_a_provider_deletes_after_signing_in_again()
    {
        await api.SignUpAsync();
        var person = IdentityFactory.NewPerson();
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("google", person);
        await (await browser.Client.DeleteAsync("/api/user/account")).ShouldBeErrorAsync(403, "CSRF_TOKEN_INVALID");
        var answer = await browser.SendAsync(HttpMethod.Delete, "/api/user/account");
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
        (await browser.IsSignedInAsync()).ShouldBeFalse();
        // Whoever comes back is new.
        (await browser.SignInAsync("google", person)).Page().ShouldBe(ApiFactory.Frontend + "/dashboard");
    }

    [Fact]
    public async Task The_last_administrator_stays_while_there_are_others()
    {
        await using var fresh = new ApiFactory();
        await ((IAsyncLifetime)fresh).InitializeAsync();
        try
        {
            var admin = await fresh.SignUpAsync();
            var other = await fresh.SignUpAsync();
            await (await DeleteAsync(admin, new { password = ApiFactory.Password })).ShouldBeErrorAsync(409, "LAST_ADMIN");
            (await DeleteAsync(other, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await DeleteAsync(admin, new { password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        finally
        {
            await ((IAsyncLifetime)fresh).DisposeAsync();
        }
    }

    [Fact]
    public async Task An_account_can_be_taken_along()
    {
        var user = await api.SignUpAsync();
        await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "sample:plain-html", branch = "main" });
        var answer = await user.Client.GetAsync("/api/user/export");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var text = await answer.Content.ReadAsStringAsync();
        var export = System.Text.Json.JsonElement.Parse(text);
        export.GetProperty("profile").GetProperty("email").GetString().ShouldBe(user.Email);
        export.GetProperty("sessions").GetArrayLength().ShouldBe(1);
        export.GetProperty("projects").GetArrayLength().ShouldBe(1);
        export.GetProperty("deployments").GetArrayLength().ShouldBe(1);
        text.ShouldNotContain(user.RefreshToken);
        text.ShouldNotContain("passwordHash");
    }

    /// <summary>Every table with a column that holds the id, whichever tables there are.</summary>
    private static async Task<List<string>> TablesThatKnowAsync(Core.Data.PlatformDbContext database, Guid id)
    {
        var columns = await database.Database.SqlQuery<string>(
            $"""
             SELECT table_name || '.' || column_name AS "Value" FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type = 'uuid' ORDER BY 1
             """).ToListAsync();
        columns.Count.ShouldBeGreaterThan(20);
        var found = new List<string>();
        foreach (var column in columns.Select(column => column.Split('.')))
        {
            // Names come from the catalogue.
#pragma warning disable EF1002
            var count = await database.Database.SqlQueryRaw<int>($"SELECT count(*)::int AS \"Value\" FROM \"{column[0]}\" WHERE \"{column[1]}\" = {{0}}", id).SingleAsync();
#pragma warning restore EF1002
            if (count > 0) found.Add(column[0]);
        }

        return [.. found.Distinct()];
    }

    private static async Task<HttpResponseMessage> DeleteAsync(ApiUser user, object? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/user/account");
        if (body is not null) request.Content = JsonContent.Create(body);
        return await user.Client.SendAsync(request);
    }
}
