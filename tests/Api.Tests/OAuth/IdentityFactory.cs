using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Platform.Testing;

namespace Platform.Api.Tests.OAuth;

/// <summary>The Api with fakes of GitHub and Google.</summary>
public class IdentityFactory : ApiFactory
{
    private readonly ConcurrentDictionary<string, string> _tokens = new();

    public IdentityFactory()
    {
        GitHubApi = FakeGitHub.StartAsync().GetAwaiter().GetResult();
        GitHub = FakeOAuthProvider.StartAsync("user:email").GetAwaiter().GetResult();
        GitHub.MoreScopes = "repo user:email";
        Google = FakeOAuthProvider.StartAsync("profile email").GetAwaiter().GetResult();
        GitHub.TokenIssued = (token, person) =>
        {
            var account = GitHubApi.AddAccount(token, person.Name, long.Parse(person.Key, CultureInfo.InvariantCulture));
            account.Emails.Add(new FakeGitHubEmail("another-" + person.Key + "@example.org", IsPrimary: false, IsVerified: true));
            if (person.Email is not null) account.Emails.Add(new FakeGitHubEmail(person.Email, IsPrimary: true, person.IsVerified));
            _tokens[person.Key] = token;
        };
    }

    public const string WebhookSecret = "what deliveries of the tests are signed with";

    public FakeGitHub GitHubApi { get; }

    public FakeOAuthProvider GitHub { get; }

    public FakeOAuthProvider Google { get; }

    /// <summary>Somebody that no other test knows.</summary>
    public static FakePerson NewPerson(string? email = null, bool verified = true)
    {
        var number = RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        return new FakePerson(number, "person" + number, email ?? $"person-{number}@example.com", verified);
    }

    public FakeOAuthProvider Provider(string id) => id == "github" ? GitHub : Google;

    /// <summary>The last token that GitHub gave out for somebody.</summary>
    public string TokenOf(FakePerson person) => _tokens[person.Key];

    internal Browser CreateBrowser() => new(this);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("GitHub:ApiUrl", GitHubApi.Address.AbsoluteUri);
        builder.UseSetting("GitHub:WebhookSecret", WebhookSecret);
        builder.UseSetting("GitHub:Timeout", "00:02:00");
        builder.UseSetting("GitHub:DeliveryTimeout", "00:02:00");
        builder.UseSetting("GitHubApp:AppId", FakeGitHubApp.Id);
        builder.UseSetting("GitHubApp:Slug", "autostack-tests");
        builder.UseSetting("GitHubApp:PrivateKey", GitHubApi.App.PrivateKey);
        builder.UseSetting("GitHubApp:ClientId", FakeOAuthProvider.ClientId);
        builder.UseSetting("GitHubApp:ClientSecret", FakeOAuthProvider.ClientSecret);
        builder.UseSetting("GitHubApp:WebUrl", GitHub.Address.AbsoluteUri);
        foreach (var (section, provider) in new[] { ("GitHub", GitHub), ("Google", Google) })
        {
            builder.UseSetting($"{section}:ClientId", FakeOAuthProvider.ClientId);
            builder.UseSetting($"{section}:ClientSecret", FakeOAuthProvider.ClientSecret);
            builder.UseSetting($"{section}:AuthorizeUrl", new Uri(provider.Address, "authorize").AbsoluteUri);
            builder.UseSetting($"{section}:TokenUrl", new Uri(provider.Address, "token").AbsoluteUri);
            builder.UseSetting($"{section}:UserInfoUrl", new Uri(provider.Address, "userinfo").AbsoluteUri);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        GitHub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Google.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GitHubApi.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
