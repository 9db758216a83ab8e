using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Platform.Api.Tests.OAuth;

namespace Platform.Api.Tests.Users;

[Trait("Category", "Integration")]
public sealed class ProfileTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4];

    [Fact]
    public async Task The_profile_tells_who_is_signed_in()
    {
        var user = await api.SignUpAsync();
        var profile = await (await user.Client.GetAsync("/api/user/profile")).ReadJsonAsync();
        profile.GetProperty("id").GetGuid().ShouldBe(user.Id);
        profile.GetProperty("email").GetString().ShouldBe(user.Email);
        profile.GetProperty("emailVerified").GetBoolean().ShouldBeTrue();
        profile.GetProperty("hasPassword").GetBoolean().ShouldBeTrue();
        profile.GetProperty("twoFactorEnabled").GetBoolean().ShouldBeFalse();
        profile.GetProperty("logins").GetArrayLength().ShouldBe(0);
        profile.GetProperty("userType").ValueKind.ShouldBe(JsonValueKind.Null);
        profile.GetProperty("hostingOption").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_name_can_be_changed_and_the_address_not_here()
    {
        var user = await api.SignUpAsync();
        (await (await user.Client.PutAsJsonAsync("/api/user/profile", new { name = "  Grace Hopper ", email = user.Email })).ReadJsonAsync()).GetProperty("name").GetString().ShouldBe("Grace Hopper");
        var error = await (await user.Client.PutAsJsonAsync("/api/user/profile", new { name = "Grace", email = "other@example.com" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").TryGetProperty("email", out _).ShouldBeTrue();
        (await (await user.Client.GetAsync("/api/auth/session")).ReadJsonAsync()).GetProperty("user").GetProperty("name").GetString().ShouldBe("Grace Hopper");
    }

    [Theory]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"   "}""")]
    [InlineData("{}")]
    [InlineData("{\"name\":\"a\\u0000b\"}")]
    [InlineData("{\"name\":\"a\\r\\nBcc: x\"}")]
    public async Task A_name_that_is_none_is_refused(string body)
    {
        var user = await api.SignUpAsync();
        var answer = await user.Client.PutAsync("/api/user/profile", new StringContent(body, Encoding.UTF8, "application/json"));
        (await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").TryGetProperty("name", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Preferences_have_defaults_and_change_one_by_one()
    {
        var user = await api.SignUpAsync();
        var before = await (await user.Client.GetAsync("/api/user/preferences")).ReadJsonAsync();
        before.GetProperty("theme").GetString().ShouldBe("system");
        before.GetProperty("emailNotifications").GetBoolean().ShouldBeTrue();

        // Two tabs at once, neither of which undoes the other.
        await Task.WhenAll(
            user.Client.PutAsJsonAsync("/api/user/preferences", new { theme = "dark" }),
            user.Client.PutAsJsonAsync("/api/user/preferences", new { deploymentSuccessNotifications = false }));

        var after = await (await user.Client.GetAsync("/api/user/preferences")).ReadJsonAsync();
        after.GetProperty("theme").GetString().ShouldBe("dark");
        after.GetProperty("deploymentSuccessNotifications").GetBoolean().ShouldBeFalse();
        after.GetProperty("deploymentFailureNotifications").GetBoolean().ShouldBeTrue();
        await (await user.Client.PutAsJsonAsync("/api/user/preferences", new { theme = "pink" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Theory]
    [InlineData("image/png", "iVBORw0KGgoBAg==")]
    [InlineData("image/jpeg", "/9j/4AAQSkZJRg==")]
    [InlineData("image/gif", "R0lGODlhAQABAA==")]
    [InlineData("image/webp", "UklGRgAAAABXRUJQVlA4")]
    public async Task A_picture_is_told_by_its_bytes(string type, string base64)
    {
        var user = await api.SignUpAsync();
        // Whatever the request says about it.
        var url = (await (await PutAsync(user, Convert.FromBase64String(base64), "image/png")).ReadJsonAsync()).GetProperty("avatarUrl").GetString()!;

        using var anybody = api.CreateClient();
        var answer = await anybody.GetAsync(url);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Convert.FromBase64String(base64));
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await anybody.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("RIFF1234AVI ")]
    [InlineData("GIF8")]
    [InlineData("")]
    public async Task What_is_no_picture_is_refused(string content)
    {
        var user = await api.SignUpAsync();
        await (await PutAsync(user, Encoding.UTF8.GetBytes(content), "image/png")).ShouldBeErrorAsync(415, "UNSUPPORTED_IMAGE");
    }

    [Fact]
    public async Task A_picture_of_more_than_a_megabyte_is_refused_also_when_it_does_not_say_so()
    {
        var user = await api.SignUpAsync();
        byte[] large = [.. Png, .. new byte[1024 * 1024]];
        await (await PutAsync(user, large, "image/png")).ShouldBeErrorAsync(413, "PAYLOAD_TOO_LARGE");
        using var stream = new StreamContent(new Unseekable(large));
        await (await user.Client.PutAsync("/api/user/avatar", stream)).ShouldBeErrorAsync(413, "PAYLOAD_TOO_LARGE");
        (await PutAsync(user, large[..(1024 * 1024)], "image/png")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_that_was_removed_is_gone()
    {
        var user = await api.SignUpAsync();
        var first = (await (await PutAsync(user, Png, "image/png")).ReadJsonAsync()).GetProperty("avatarUrl").GetString()!;
        var second = (await (await PutAsync(user, [.. Png, 5], "image/png")).ReadJsonAsync()).GetProperty("avatarUrl").GetString()!;
        second.ShouldNotBe(first);
        (await (await user.Client.GetAsync("/api/user/profile")).ReadJsonAsync()).GetProperty("avatarUrl").GetString().ShouldBe(second);

        (await user.Client.DeleteAsync("/api/user/avatar")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await user.Client.GetAsync(second)).ShouldBeErrorAsync(404, "AVATAR_NOT_FOUND");
        (await (await user.Client.GetAsync("/api/user/profile")).ReadJsonAsync()).GetProperty("avatarUrl").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("GET", "/api/user/profile")]
    [InlineData("PUT", "/api/user/profile")]
    [InlineData("GET", "/api/user/preferences")]
    [InlineData("PUT", "/api/user/avatar")]
    [InlineData("GET", "/api/user/logins")]
    [InlineData("GET", "/api/user/onboarding")]
    [InlineData("DELETE", "/api/user/account")]
    [InlineData("GET", "/api/user/export")]
    [InlineData("GET", "/api/auth/2fa")]
    [InlineData("GET", "/api/github/app/install")]
    public async Task Nobody_is_served_who_is_not_signed_in(string method, string path)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await (await client.SendAsync(request)).ShouldBeErrorAsync(401, "UNAUTHORIZED");
    }

    private static Task<HttpResponseMessage> PutAsync(ApiUser user, byte[] content, string type) =>
        user.Client.PutAsync("/api/user/avatar", new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } });

    /// <summary>A body whose length nobody knows.</summary>
    private sealed class Unseekable(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
