using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Api.Tests.Mail;
using Platform.Api.Tests.OAuth;
using Platform.Api.Tests.Organizations;
using Platform.Api.Tests.SecondFactor;
using Platform.Testing;

namespace Platform.Api.Tests.Secrets;

/// <summary>
/// Whatever people and programs show to be let in, and whatever is handed out to them, is in no log line, no scope and no trace: with logs at
/// their most talkative level, on good ways and bad ones.
/// </summary>
[Trait("Category", "Integration")]
public sealed class SecretsTests(SecretsTests.TalkativeFactory api) : IClassFixture<SecretsTests.TalkativeFactory>
{
    private const string NewPassword = "another quiet lamp of mine";
    private const string WrongPassword = "a loud lamp that is wrong";

    private readonly List<(string What, string Value)> _secrets = [("password", ApiFactory.Password), ("new password", NewPassword), ("wrong password", WrongPassword)];

    [Fact]
    public async Task What_is_recorded_is_searched_as_it_should_be()
    {
        using var client = Stateless();
        (await client.GetAsync("/api/nowhere/a-path-that-is-recorded?a-query=that-is-not")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await Eventually.TrueAsync(() => api.Records.Lines.Any(line => line.Contains("a-path-that-is-recorded", StringComparison.Ordinal)));
        await Eventually.TrueAsync(() => api.Records.Activities.Any(activity => activity.Contains("url.path=/api/nowhere/a-path-that-is-recorded", StringComparison.Ordinal)));
        api.Records.Lines.Concat(api.Records.Activities).ShouldNotContain(record => record.Contains("that-is-not", StringComparison.Ordinal));
        // The calls to the fakes of providers are traced, the statements are, and scopes are read.
        await Eventually.TrueAsync(() => api.Records.Activities.Any(activity => activity.StartsWith("Npgsql ", StringComparison.Ordinal)));
        api.Records.Lines.ShouldContain(line => line.Contains("RequestId=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Passwords_codes_and_sessions_are_written_nowhere()
    {
        var user = await api.SignUpAsync(verified: false);
        Note("access token", user.AccessToken);
        Note("refresh token", user.RefreshToken);
        using var client = Stateless();
        var mail = await api.WaitForMailAsync(user.Email, "Confirm your email address");
        var code = Note("activation code", mail.Code!);
        var link = Note("activation token", mail.Token());
        (await client.PostAsJsonAsync("/api/auth/verify-email", new { email = "nobody@example.com", code })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/auth/verify-email", new { token = link })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await LogInAsync(client, user, WrongPassword);
        await client.PostAsync("/api/auth/login", new StringContent($$"""{"email":"x@example.com","password":"{{WrongPassword}}" """, null, "application/json"));
        NoteSession(await (await LogInAsync(client, user, ApiFactory.Password)).ReadJsonAsync());
        NoteSession(await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ReadJsonAsync());
        // Spent, and long ago: it ends the session.
        api.Time.Advance(TimeSpan.FromMinutes(1));
        (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        await client.PostAsJsonAsync("/api/auth/forgot-password", new { email = user.Email });
        var reset = Note("reset token", (await api.WaitForMailAsync(user.Email, "Set a new password")).Token());
        (await client.PostAsJsonAsync("/api/auth/reset-password", new { token = reset, password = NewPassword })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var again = await (await LogInAsync(client, user, NewPassword)).ReadJsonAsync();
        NoteSession(again);
        client.DefaultRequestHeaders.Authorization = new("Bearer", again.GetProperty("accessToken").GetString());
        (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeSecretAsync();
    }

    [Fact]
    public async Task Second_factors_are_written_nowhere()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var setup = await (await user.Client.PostAsJsonAsync("/api/auth/2fa/setup", new { password = ApiFactory.Password })).ReadJsonAsync();
        var secret = Note("TOTP secret", setup.GetProperty("secret").GetString()!);
        var app = new Authenticator(api, Authenticator.Decode(secret), []);
        var enabled = await (await user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code = Note("code", app.Code()) })).ReadJsonAsync();
        var recovery = enabled.GetProperty("recoveryCodes").EnumerateArray().Select(each => Note("recovery code", each.GetString()!)).ToList();
        foreach (var answer in new[] { Note("code", app.FreshCode()), recovery[0], "000000" })
        {
            var challenge = await (await LogInAsync(client, user, ApiFactory.Password)).ReadJsonAsync();
            var token = Note("two-factor token", challenge.GetProperty("twoFactorToken").GetString()!);
            var answered = await client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = token, code = answer });
            if (answered.IsSuccessStatusCode) NoteSession(await answered.ReadJsonAsync());
        }

        await ShouldBeSecretAsync();
    }

    [Theory, InlineData("github"), InlineData("google")]
    public async Task What_providers_hand_over_is_written_nowhere(string provider)
    {
        var person = IdentityFactory.NewPerson();
        using var browser = api.CreateBrowser();
        var page = await browser.GoAsync($"/api/auth/{provider}");
        Note("state", page.Query("state")!);
        var callback = api.Provider(provider).Authorize(page, person);
        Note("authorization code", callback.Query("code")!);
        await browser.GoAsync(callback.PathAndQuery);
        if (provider == "github") Note("GitHub token", api.TokenOf(person));
        NoteCookies(browser);
        // The same callback again, and a forged one.
        await browser.GoAsync(callback.PathAndQuery);
        await browser.GoAsync($"/api/auth/{provider}/callback?code={Note("forged code", "a-forged-code-0123456789")}&state={Note("forged state", "a-forged-state-0123456789")}");

        var known = await api.SignUpAsync();
        using var linking = api.CreateBrowser();
        var link = await linking.SignInAsync(provider, IdentityFactory.NewPerson(known.Email));
        var token = Note("link token", link.Fragment("linkToken")!);
        (await linking.Client.PostAsJsonAsync("/api/auth/link", new { token, password = WrongPassword })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        NoteSession(await (await linking.Client.PostAsJsonAsync("/api/auth/link", new { token, password = ApiFactory.Password })).ReadJsonAsync());
        await ShouldBeSecretAsync();
    }

    [Fact]
    public async Task Tokens_of_programs_and_sockets_are_written_nowhere()
    {
        var user = await api.SignUpAsync();
        Note("access token", user.AccessToken);
        var made = await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "execute", "deployments:read" } })).ReadJsonAsync();
        var token = Note("API token", made.GetProperty("token").GetString()!);
        using var program = Stateless();
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await program.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await program.GetAsync("/api/user/profile")).ShouldBeErrorAsync(403, "INSUFFICIENT_SCOPE");
        foreach (var credential in new[] { user.AccessToken, token, Note("token of nobody", "ast_000000000000000000000000000000000000") })
        {
            foreach (var path in new[] { "/api/execute/stream/s", "/api/v2/connect", "/api/notifications/stream", "/api/no/such/socket" }) await TryConnectAsync($"{path}?token={credential}");
            // Where no token is taken, one that is sent all the same is not written down either.
            await program.GetAsync($"/api/deployments?token={credential}&access_token={credential}");
        }

        await ShouldBeSecretAsync();
    }

    [Fact]
    public async Task Mailed_tokens_and_links_are_written_nowhere()
    {
        var (owner, guest) = (await api.SignUpAsync(), await api.SignUpAsync());
        var organization = await owner.CreateOrganizationAsync();
        (await owner.InviteAsync(organization, guest.Email)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var invitation = Note("invitation", await api.ReadInvitationAsync(guest.Email));
        foreach (var answer in new[] { "preview", "accept", "decline" }) await guest.Client.PostAsJsonAsync($"/api/invitations/{answer}", new { token = invitation });

        var address = $"{Guid.NewGuid():N}@example.net";
        (await guest.Client.PutAsJsonAsync("/api/user/email", new { email = address, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var confirm = Note("change of address", Users.MailFolder.Token(await Users.MailFolder.WaitForMailAsync(api, address, "#token=")));
        (await guest.Client.PostAsJsonAsync("/api/user/email/confirm", new { token = confirm })).StatusCode.ShouldBe(HttpStatusCode.OK);

        var snippet = await (await owner.Client.PostAsJsonAsync("/api/snippets", new { title = "x", language = "python", code = "1", visibility = "unlisted" })).ReadJsonAsync();
        var share = Note("share link", snippet.GetProperty("shareUrl").GetString()!.Split('/')[^1]);
        using var anonymous = Stateless();
        foreach (var part in new[] { "", "/embed", "/raw" }) (await anonymous.GetAsync($"/api/snippets/shared/{share}{part}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeSecretAsync();
    }

    private async Task ShouldBeSecretAsync()
    {
        // An activity ends after the answer has been read.
        var last = $"/api/{Guid.NewGuid():N}";
        using var client = Stateless();
        await client.GetAsync(last);
        await Eventually.TrueAsync(() => api.Records.Activities.Any(activity => activity.Contains(last, StringComparison.Ordinal)));
        var patterns = _secrets.Select(secret => (secret.What, Pattern: new Regex($"(?<![A-Za-z0-9.]){Regex.Escape(secret.Value)}(?![A-Za-z0-9])", RegexOptions.None, TimeSpan.FromSeconds(10)))).ToList();
        var found =
            from record in api.Records.Lines.Concat(api.Records.Activities)
            from secret in patterns
            where secret.Pattern.IsMatch(record) || secret.Pattern.IsMatch(Uri.UnescapeDataString(record))
            select $"{secret.What}: {record}";
        found.Distinct().Take(5).ShouldBeEmpty();
    }

    private string Note(string what, string value)
    {
        value.Length.ShouldBeGreaterThanOrEqualTo(6, what);
        _secrets.Add((what, value));
        return value;
    }

    private void NoteSession(JsonElement session)
    {
        foreach (var name in new[] { "accessToken", "refreshToken", "csrfToken" }) Note(name, session.GetProperty(name).GetString()!);
    }

    private void NoteCookies(Browser browser)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        using var answer = browser.Client.SendAsync(request).GetAwaiter().GetResult();
        foreach (var cookie in answer.RequestMessage!.Headers.TryGetValues("Cookie", out var sent) ? sent.SelectMany(line => line.Split("; ")) : [])
            Note("cookie", cookie.Split('=', 2)[1]);
    }

    private async Task TryConnectAsync(string path)
    {
        try
        {
            using var socket = await api.Server.CreateWebSocketClient().ConnectAsync(new Uri(api.Server.BaseAddress, path), CancellationToken.None);
            socket.Abort();
        }
        catch (Exception exception) when (exception is InvalidOperationException or WebSocketException)
        {
            // Refused, which is also written down.
        }
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, ApiUser user, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password });

    private HttpClient Stateless() => api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });

    /// <summary>Says everything it can.</summary>
    public sealed class TalkativeFactory : IdentityFactory
    {
        internal Records Records { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Logging:LogLevel:Default", "Trace");
            builder.ConfigureTestServices(services => services.AddSingleton<ILoggerProvider>(Records));
        }
    }
}
