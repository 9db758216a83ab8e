using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.OAuth;
using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Api.Tests.Users;

[Trait("Category", "Integration")]
public sealed class OnboardingTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Theory, InlineData("developer"), InlineData("organization"), InlineData("company")]
    public async Task The_journey_to_the_platforms_own_hosting_has_two_steps(string type)
    {
        var user = await api.SignUpAsync();
        Next(await GetAsync(user)).ShouldBe("user_type");
        Next(await PutAsync(user, new { userType = type })).ShouldBe("hosting_option");
        var done = await PutAsync(user, new { hostingOption = "autostack_hosting" });
        Next(done).ShouldBeNull();
        done.GetProperty("completed").GetBoolean().ShouldBeTrue();
        var profile = await (await user.Client.GetAsync("/api/user/profile")).ReadJsonAsync();
        profile.GetProperty("userType").GetString().ShouldBe(type);
        profile.GetProperty("hostingOption").GetString().ShouldBe("autostack_hosting");
    }

    [Fact]
    public async Task Who_hosts_at_AWS_chooses_where()
    {
        var user = await api.SignUpAsync();
        Next(await PutAsync(user, new { userType = "company", hostingOption = "self_hosting" })).ShouldBe("hosting_target");
        Next(await PutAsync(user, new { hostingTarget = "aws" })).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"hostingOption":"self_hosting"}""", "userType")]
    [InlineData("""{"userType":"developer","hostingTarget":"aws"}""", "hostingOption")]
    [InlineData("""{"userType":"developer","hostingOption":"autostack_hosting","hostingTarget":"aws"}""", "hostingTarget")]
    [InlineData("""{"userType":"robot"}""", "userType")]
    [InlineData("""{"userType":"developer","hostingOption":"heroku"}""", "hostingOption")]
    [InlineData("""{"userType":"developer","hostingOption":"self_hosting","hostingTarget":"azure"}""", "hostingTarget")]
    public async Task Steps_have_an_order_and_words(string body, string field)
    {
        var user = await api.SignUpAsync();
        var answer = await user.Client.PutAsync("/api/user/onboarding", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        (await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").TryGetProperty(field, out _).ShouldBeTrue();
        Next(await GetAsync(user)).ShouldBe("user_type");
    }

    [Fact]
    public async Task Another_choice_forgets_what_followed_from_the_first()
    {
        var user = await api.SignUpAsync();
        await PutAsync(user, new { userType = "developer", hostingOption = "self_hosting", hostingTarget = "aws" });
        (await PutAsync(user, new { hostingOption = "autostack_hosting" })).GetProperty("hostingTarget").ValueKind.ShouldBe(JsonValueKind.Null);
        Next(await PutAsync(user, new { hostingOption = "self_hosting" })).ShouldBe("hosting_target");
    }

    [Fact]
    public async Task Steps_that_arrive_together_leave_a_journey_that_makes_sense()
    {
        var user = await api.SignUpAsync();
        await PutAsync(user, new { userType = "developer", hostingOption = "self_hosting" });
        await Task.WhenAll(
            user.Client.PutAsJsonAsync("/api/user/onboarding", new { hostingTarget = "aws" }),
            user.Client.PutAsJsonAsync("/api/user/onboarding", new { hostingOption = "autostack_hosting" }));
        var end = await GetAsync(user);
        end.GetProperty("hostingOption").GetString().ShouldBe("autostack_hosting");
        end.GetProperty("hostingTarget").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_App_is_installed_and_GitHub_thereby_chosen()
    {
        var (browser, person) = await SignedInAsync("github");
        var installation = Install(long.Parse(person.Key, System.Globalization.CultureInfo.InvariantCulture), person.Name);
        Next(await OnboardAsync(browser, new { userType = "developer", hostingOption = "self_hosting", hostingTarget = "github" })).ShouldBe("github_app");
        var page = await browser.GoAsync("/api/github/app/install");
        page.Page().ShouldBe(new Uri(api.GitHub.Address, "apps/autostack-tests/installations/new").AbsoluteUri);

        var end = await browser.GoAsync($"/api/github/app/callback?installation_id={installation.Id}&setup_action=install&state={Uri.EscapeDataString(page.Query("state")!)}");

        end.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/onboarding?github=installed");
        var journey = await (await browser.Client.GetAsync("/api/user/onboarding")).ReadJsonAsync();
        Next(journey).ShouldBeNull();
        journey.GetProperty("githubAppInstalled").GetBoolean().ShouldBeTrue();
        await using var database = api.CreateContext();
        var row = await database.GitHubInstallations.SingleAsync(each => each.InstallationId == installation.Id);
        (row.AccountLogin, row.AccountType).ShouldBe((person.Name, "User"));
        // Nobody's token came with it: there is something to end all the same.
        (await browser.SendAsync(HttpMethod.Delete, "/api/github/disconnect")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);
        (await (await browser.Client.GetAsync("/api/github/connection")).ReadJsonAsync()).GetProperty("appInstalled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task An_organisations_installation_is_proven_by_the_persons_authorization()
    {
        var (browser, person) = await SignedInAsync("google");
        var member = IdentityFactory.NewPerson();
        var installation = Install(77, "acme", long.Parse(member.Key, System.Globalization.CultureInfo.InvariantCulture));
        var page = await browser.GoAsync("/api/github/app/install?returnUrl=/settings");

        var end = await CallbackAsync(browser, page, installation.Id, api.GitHub.IssueCode(member));

        end.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/settings?github=installed");
        await using var database = api.CreateContext();
        var id = await database.Users.Where(user => user.Email == person.Email).Select(user => user.Id).SingleAsync();
        var connection = await database.GitHubConnections.SingleAsync(row => row.UserId == id);
        api.Services.GetRequiredService<GitHubTokens>().Unprotect(connection.GitHubAccessToken).ShouldBe(api.TokenOf(member));
        (await database.UserJourneys.SingleAsync(row => row.UserId == id)).HostingTarget.ShouldBe("github");

        // A broken connection is mended by installing again; disconnecting leaves nothing.
        await database.GitHubConnections.Where(row => row.UserId == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.BrokenAt, api.Time.GetUtcNow()).SetProperty(each => each.Scopes, "repo"));
        await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), installation.Id, api.GitHub.IssueCode(member));
        var mended = await (await browser.Client.GetAsync("/api/github/connection")).ReadJsonAsync();
        (mended.GetProperty("connected").GetBoolean(), mended.GetProperty("broken").GetBoolean(), mended.GetProperty("scopes").GetArrayLength()).ShouldBe((true, false, 0));
        (await browser.SendAsync(HttpMethod.Delete, "/api/github/disconnect")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);
        (await database.GitHubConnections.AnyAsync(row => row.UserId == id)).ShouldBeFalse();
        (await database.GitHubInstallations.AnyAsync(row => row.UserId == id)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_number_that_somebody_made_up_connects_nothing()
    {
        var (browser, person) = await SignedInAsync("github");
        var foreign = Install(999_999_999, "victim");
        var stranger = IdentityFactory.NewPerson();

        (await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), foreign.Id)).Query("error").ShouldBe("GITHUB_APP_INSTALLATION_NOT_YOURS");
        (await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), foreign.Id, api.GitHub.IssueCode(stranger))).Query("error").ShouldBe("GITHUB_APP_INSTALLATION_NOT_YOURS");
        (await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), foreign.Id, "forged")).Query("error").ShouldBe("GITHUB_APP_INSTALLATION_NOT_YOURS");
        (await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), 123_456)).Query("error").ShouldBe("GITHUB_APP_INSTALLATION_NOT_FOUND");
        foreach (var nonsense in new[] { "abc", "-1", "0", "", "99999999999999999999999" })
            (await CallbackAsync(browser, await browser.GoAsync("/api/github/app/install"), nonsense)).Query("error").ShouldBe("GITHUB_APP_INSTALLATION_NOT_FOUND");

        await using var database = api.CreateContext();
        (await database.GitHubInstallations.AnyAsync(row => database.Users.Any(user => user.Id == row.UserId && user.Email == person.Email))).ShouldBeFalse();
    }

    [Fact]
    public async Task An_installation_is_finished_by_who_began_it_once()
    {
        var (mine, person) = await SignedInAsync("github");
        var (other, _) = await SignedInAsync("github");
        var installation = Install(long.Parse(person.Key, System.Globalization.CultureInfo.InvariantCulture), person.Name);
        var page = await mine.GoAsync("/api/github/app/install");

        (await CallbackAsync(other, page, installation.Id)).Query("error").ShouldBe("GITHUB_APP_STATE_INVALID");
        (await mine.GoAsync($"/api/github/app/callback?installation_id={installation.Id}&state=forged")).Query("error").ShouldBe("GITHUB_APP_STATE_INVALID");
        // The cookie went with the wrong state.
        (await CallbackAsync(mine, page, installation.Id)).Query("error").ShouldBe("GITHUB_APP_STATE_INVALID");
        page = await mine.GoAsync("/api/github/app/install");
        (await CallbackAsync(mine, page, installation.Id)).Query("github").ShouldBe("installed");
        (await CallbackAsync(mine, page, installation.Id)).Query("error").ShouldBe("GITHUB_APP_STATE_INVALID");
    }

    [Fact]
    public async Task Who_has_to_ask_an_owner_is_told_so()
    {
        var (browser, _) = await SignedInAsync("github");
        var page = await browser.GoAsync("/api/github/app/install");
        (await browser.GoAsync($"/api/github/app/callback?setup_action=request&state={Uri.EscapeDataString(page.Query("state")!)}")).Query("notice").ShouldBe("GITHUB_APP_REQUESTED");
    }

    [Fact]
    public async Task No_other_place_is_returned_to()
    {
        var user = await api.SignUpAsync();
        await (await user.Client.GetAsync("/api/github/app/install?returnUrl=https://evil.example")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    private FakeGitHubInstallation Install(long account, string login, params long[] members)
    {
        var installation = new FakeGitHubInstallation(Random.Shared.NextInt64(1_000_000, long.MaxValue), account, login, members.Length > 0 ? "Organization" : "User");
        foreach (var member in members) installation.Members.Add(member);
        api.GitHubApi.App.Installations[installation.Id] = installation;
        return installation;
    }

    private async Task<(Browser Browser, FakePerson Person)> SignedInAsync(string provider)
    {
        var (browser, person) = (api.CreateBrowser(), IdentityFactory.NewPerson());
        await browser.SignInAsync(provider, person);
        return (browser, person);
    }

    private static Task<Uri> CallbackAsync(Browser browser, Uri page, object installation, string? code = null) => browser.GoAsync(
        $"/api/github/app/callback?installation_id={installation}&setup_action=install&state={Uri.EscapeDataString(page.Query("state")!)}{(code is null ? "" : "&code=" + code)}");

    private static async Task<JsonElement> OnboardAsync(Browser browser, object body) => await (await browser.SendAsync(HttpMethod.Put, "/api/user/onboarding", body)).ReadJsonAsync();

    private static async Task<JsonElement> GetAsync(ApiUser user) => await (await user.Client.GetAsync("/api/user/onboarding")).ReadJsonAsync();

    private static async Task<JsonElement> PutAsync(ApiUser user, object body) => await (await user.Client.PutAsJsonAsync("/api/user/onboarding", body)).ReadJsonAsync();

    private static string? Next(JsonElement journey) => journey.GetProperty("nextStep").GetString();
}
