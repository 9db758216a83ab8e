using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common.Errors;

namespace Platform.Api.Tests.Auth;

/// <summary>Keys replace each other with overlap. Each test has an installation of its own: the keys are the installation's.</summary>
[Trait("Category", "Integration")]
#pragma warning disable CA1001 // xunit calls DisposeAsync.
public sealed class SigningKeyTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly ApiFactory _api = new();

    public Task InitializeAsync() => ((IAsyncLifetime)_api).InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)_api).DisposeAsync();

    [Fact]
    public async Task The_configured_secret_signs_first_and_the_first_key_takes_over_when_all_know_it()
    {
        var user = await _api.SignUpAsync();
        KeyId(user.AccessToken).ShouldBe(SigningKeys.ConfiguredId);
        _api.Time.Advance(TimeSpan.FromMinutes(6));

        var token = await LogInAsync(_api, user);

        Guid.TryParseExact(KeyId(token), "N", out _).ShouldBeTrue(KeyId(token));
        await using var other = _api.With();
        (await UseAsync(other, token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await UseAsync(other, user.AccessToken)).StatusCode.ShouldBe(HttpStatusCode.OK, "the secret verifies as long as it is configured");
    }

    [Fact]
    public async Task A_new_key_is_known_before_it_signs_and_the_old_one_verifies_until_its_tokens_end()
    {
        var admin = await _api.SignUpAsync();
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        var before = await LogInAsync(_api, admin);
        // Started now, so that it has read the keys before the next one is made.
        await using var other = _api.With();
        (await UseAsync(other, before)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await UseAsync(_api, before, HttpMethod.Post, "/api/auth/signing-keys")).StatusCode.ShouldBe(HttpStatusCode.OK);
        KeyId(await LogInAsync(_api, admin)).ShouldBe(KeyId(before));
        _api.Time.Advance(TimeSpan.FromMinutes(6));

        var after = await LogInAsync(_api, admin);
        KeyId(after).ShouldNotBe(KeyId(before));
        (await UseAsync(other, after)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await UseAsync(other, before)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _api.Time.Advance(TimeSpan.FromMinutes(20));
        await _api.Services.GetRequiredService<SigningKeys>().RotateAsync(now: false, CancellationToken.None);
        await using var database = _api.CreateContext();
        (await database.SigningKeys.CountAsync()).ShouldBe(1, "the old one is over");
    }

    [Fact]
    public async Task Keys_are_renewed_by_themselves()
    {
        var user = await _api.SignUpAsync();
        _api.Time.Advance(TimeSpan.FromDays(29));
        await RotateAsync(_api);
        var before = KeyId(await LogInAsync(_api, user));
        _api.Time.Advance(TimeSpan.FromDays(2));
        await RotateAsync(_api);
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        KeyId(await LogInAsync(_api, user)).ShouldNotBe(before);
    }

    [Fact]
    public async Task Instances_that_rotate_at_the_same_moment_make_one_key()
    {
        _ = _api.Server;
        await using var other = _api.With();
        _ = other.Server;
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await Task.WhenAll(RotateAsync(_api, now: true), RotateAsync(other, now: true), RotateAsync(_api, now: true));
        await using var database = _api.CreateContext();
        (await database.SigningKeys.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Keys_lie_encrypted_and_are_shown_to_nobody()
    {
        var admin = await _api.SignUpAsync();
        var user = await _api.SignUpAsync();
        await using var database = _api.CreateContext();
        var row = await database.SigningKeys.SingleAsync();
        Should.Throw<FormatException>(() => Convert.FromBase64String(row.Secret));
        var shown = await (await admin.Client.GetAsync("/api/auth/signing-keys")).ReadJsonAsync();
        shown.GetProperty("keys").EnumerateArray().Single().EnumerateObject().Select(property => property.Name).ShouldBe(["id", "activatesAt"], ignoreOrder: true);
        await (await user.Client.GetAsync("/api/auth/signing-keys")).ShouldBeErrorAsync(403, ErrorCodes.Forbidden);
        await (await user.Client.PostAsync("/api/auth/signing-keys", null)).ShouldBeErrorAsync(403, ErrorCodes.Forbidden);
    }

    [Theory]
    [InlineData("someone-else", AccessTokens.Audience)]
    [InlineData(AccessTokens.Issuer, "another-api")]
    [InlineData(AccessTokens.Issuer, AccessTokens.Audience)]
    public async Task A_token_says_who_made_it_and_for_whom(string issuer, string audience)
    {
        var user = await _api.SignUpAsync();
        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Base64Url.DecodeFromChars(user.AccessToken.Split('.')[1]))!;
        claims["iss"] = JsonSerializer.SerializeToElement(issuer);
        claims["aud"] = JsonSerializer.SerializeToElement(audience);
        var signature = new JsonWebSignature("a secret for tests, long enough to be one"u8.ToArray(), SigningKeys.ConfiguredId);

        var answer = await UseAsync(_api, signature.Sign(JsonSerializer.SerializeToUtf8Bytes(claims)));

        (answer.StatusCode == HttpStatusCode.OK).ShouldBe(issuer == AccessTokens.Issuer && audience == AccessTokens.Audience);
    }

    [Theory]
    [InlineData("0198f000000070008000000000000000")]
    [InlineData("no such key")]
    [InlineData("'; DROP TABLE signing_keys; --")]
    public async Task A_key_that_does_not_exist_verifies_nothing(string keyId)
    {
        var user = await _api.SignUpAsync();
        var payload = Base64Url.DecodeFromChars(user.AccessToken.Split('.')[1]);
        _api.Time.Advance(TimeSpan.FromSeconds(3));
        var token = new JsonWebSignature("a secret for tests, long enough to be one"u8.ToArray(), keyId).Sign(payload);
        await (await UseAsync(_api, token)).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
    }

    private static Task<SigningKeyState?> RotateAsync(WebApplicationFactory<Program> host, bool now = false) =>
        host.Services.GetRequiredService<SigningKeys>().RotateAsync(now, CancellationToken.None);

    private static string? KeyId(string token) =>
        JsonElement.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[0]))).GetProperty("kid").GetString();

    private static async Task<string> LogInAsync(WebApplicationFactory<Program> host, ApiUser user)
    {
        using var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var body = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();
        return body.GetProperty("accessToken").GetString()!;
    }

    private static async Task<HttpResponseMessage> UseAsync(
        WebApplicationFactory<Program> host, string token, HttpMethod? method = null, string path = "/api/auth/session")
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        return await client.SendAsync(request);
    }
}
