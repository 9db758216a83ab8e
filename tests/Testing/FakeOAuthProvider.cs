using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Testing;

/// <summary>
/// A small OAuth provider on loopback that refuses what providers refuse: a foreign client, another redirect address, a code that was used,
/// a code without the verifier that belongs to its challenge.
/// </summary>
public sealed class FakeOAuthProvider : IAsyncDisposable
{
    public const string ClientId = "client-of-the-tests";
    public const string ClientSecret = "secret of the tests";

    /// <summary>What the provider tells in its own words: it must appear nowhere.</summary>
    public const string OwnWords = "The provider says <b>no</b>";

    private readonly WebApplication _app;
    private readonly string _scope;
    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly ConcurrentDictionary<string, FakePerson> _tokens = new();
    private readonly ConcurrentDictionary<string, FakePerson> _refreshTokens = new();

    private FakeOAuthProvider(WebApplication app, string scope) => (_app, _scope) = (app, scope);

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>What was refused and why.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>What clients may ask for instead.</summary>
    public string? MoreScopes { get; set; }

    /// <summary>Called with each token that is given out.</summary>
    public Action<string, FakePerson>? TokenIssued { get; set; }

    /// <summary>Status that the token endpoint answers with instead of working; 0: it works.</summary>
    public int TokenFailure { get; set; }

    /// <param name="scope">What clients have to ask for.</param>
    public static async Task<FakeOAuthProvider> StartAsync(string scope)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeOAuthProvider(app, scope);
        // As a delegate with a result: the other overload would drop it.
        app.MapPost("/token", (Delegate)fake.ExchangeAsync);
        app.MapPost("/login/oauth/access_token", (Delegate)fake.ExchangeAsync);
        app.MapGet("/userinfo", fake.GetUser);
        await app.StartAsync(CancellationToken.None);
        return fake;
    }

    /// <summary>The person says yes at the address that a browser was sent to; returns where the browser goes next.</summary>
    public Uri Authorize(Uri address, FakePerson person)
    {
        var query = QueryHelpers.ParseQuery(address.Query);
        if (address.GetLeftPart(UriPartial.Path) != new Uri(Address, "authorize").AbsoluteUri) throw new InvalidOperationException($"{address} is not the page of this provider.");
        if (query["client_id"] != ClientId) throw new InvalidOperationException("The client is not known.");
        if (query["response_type"] != "code") throw new InvalidOperationException("The response type is not code.");
        if (query["scope"] != _scope && query["scope"] != MoreScopes) throw new InvalidOperationException($"The scope is {query["scope"]}.");
        if (query["code_challenge_method"] != "S256" || string.IsNullOrEmpty(query["code_challenge"])) throw new InvalidOperationException("There is no challenge.");
        if (string.IsNullOrEmpty(query["state"])) throw new InvalidOperationException("There is no state.");
        var code = RandomNumberGenerator.GetHexString(20);
        _codes[code] = new Grant(person, query["redirect_uri"].ToString(), query["code_challenge"].ToString(), query["scope"].ToString());
        return new Uri(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
    }

    /// <summary>The person says no.</summary>
    public static Uri Deny(Uri address, string error = "access_denied")
    {
        var query = QueryHelpers.ParseQuery(address.Query);
        return new Uri(QueryHelpers.AddQueryString(
            query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["error"] = error, ["error_description"] = OwnWords, ["state"] = query["state"] }));
    }

    /// <summary>A code as it comes with the installation of an App: without a challenge.</summary>
    public string IssueCode(FakePerson person)
    {
        var code = RandomNumberGenerator.GetHexString(20);
        _codes[code] = new Grant(person, null, null, _scope);
        return code;
    }

    /// <summary>A refresh token, good once, as those of an App are.</summary>
    public string IssueRefreshToken(FakePerson person)
    {
        var token = "ghr_" + RandomNumberGenerator.GetHexString(20);
        _refreshTokens[token] = person;
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task<IResult> ExchangeAsync(HttpContext context)
    {
        if (TokenFailure != 0) return Results.Text(OwnWords, statusCode: TokenFailure);
        if (!context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal)) return Refuse("no Accept");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret) return Refuse("wrong client");
        if (form["grant_type"] == "refresh_token") return Renew(form["refresh_token"].ToString());
        if (!_codes.TryRemove(form["code"].ToString(), out var grant)) return Refuse("unknown or used code");
        if (grant.Challenge is not null)
        {
            if (form["grant_type"] != "authorization_code") return Refuse("wrong grant type");
            if (form["redirect_uri"] != grant.RedirectUri) return Refuse("other redirect_uri");
            if (Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != grant.Challenge) return Refuse("wrong verifier");
        }

        var token = "gho_" + RandomNumberGenerator.GetHexString(20);
        _tokens[token] = grant.Person;
        TokenIssued?.Invoke(token, grant.Person);
        return Results.Json(new JsonObject { ["access_token"] = token, ["token_type"] = "bearer", ["scope"] = grant.Scope.Replace(' ', ',') });
    }

    private IResult Renew(string refreshToken)
    {
        if (!_refreshTokens.TryRemove(refreshToken, out var person)) return Refuse("unknown or used refresh token");
        var token = "ghu_" + RandomNumberGenerator.GetHexString(20);
        _tokens[token] = person;
        TokenIssued?.Invoke(token, person);
        return Results.Json(new JsonObject { ["access_token"] = token, ["refresh_token"] = IssueRefreshToken(person), ["expires_in"] = 28800 });
    }

    // As GitHub does it: 200, and the error inside.
    private IResult Refuse(string reason)
    {
        Refusals.Enqueue(reason);
        return Results.Json(new JsonObject { ["error"] = "bad_verification_code", ["error_description"] = OwnWords });
    }

    private IResult GetUser(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (!_tokens.TryGetValue(token, out var person)) return Results.Unauthorized();
        var user = new JsonObject { ["sub"] = person.Key, ["name"] = person.Name, ["picture"] = "https://pictures.example/p.png" };
        if (person.Email is not null) (user["email"], user["email_verified"]) = (person.Email, person.IsVerified);
        return Results.Json(user);
    }

    private sealed record Grant(FakePerson Person, string? RedirectUri, string? Challenge, string Scope);
}

/// <summary>Somebody with an account at a provider.</summary>
public sealed record FakePerson(string Key, string Name, string? Email, bool IsVerified = true);
