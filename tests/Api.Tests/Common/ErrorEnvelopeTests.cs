using System.Net;
using System.Net.Http.Json;
using System.Text;
using Platform.Api.Common.Errors;

namespace Platform.Api.Tests.Common;

[Trait("Category", "Integration")]
public sealed class ErrorEnvelopeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task An_unknown_address_is_not_found()
    {
        using var client = api.CreateClient();
        await (await client.GetAsync("/api/no-such-thing")).ShouldBeErrorAsync(404, ErrorCodes.NotFound);
    }

    [Theory]
    [InlineData("GET", "/api/deployments/dep_001", "DEPLOYMENT_NOT_FOUND", "Deployment with ID 'dep_001' not found")]
    [InlineData("DELETE", "/api/deployments/dep_001", "DEPLOYMENT_NOT_FOUND", "Deployment with ID 'dep_001' not found")]
    [InlineData("GET", "/api/deployments/dep_001/logs", "DEPLOYMENT_NOT_FOUND", "Deployment with ID 'dep_001' not found")]
    [InlineData("POST", "/api/deployments/dep_001/cancel", "DEPLOYMENT_NOT_FOUND", "Deployment with ID 'dep_001' not found")]
    [InlineData("GET", "/api/deployments/dep_001/logs/stream", "DEPLOYMENT_NOT_FOUND", "Deployment with ID 'dep_001' not found")]
    [InlineData("GET", "/api/projects/shop", "PROJECT_NOT_FOUND", "Project with ID 'shop' not found")]
    [InlineData("GET", "/api/deployments/01890a5d-ac96-774b-bcce-b302099a8057/nothing", "NOT_FOUND", "There is nothing at this address.")]
    public async Task An_id_that_is_none_is_answered_as_one_that_nothing_has(string method, string path, string code, string message)
    {
        var user = await api.SignUpAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        (await (await user.Client.SendAsync(request)).ShouldBeErrorAsync(404, code)).GetProperty("message").GetString().ShouldBe(message);
    }

    [Fact]
    public async Task Nobody_is_told_of_ids_without_being_signed_in()
    {
        using var client = api.CreateClient();
        var response = await client.GetAsync("/api/deployments/dep_001");
        await response.ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_wrong_method_is_named()
    {
        using var client = api.CreateClient();
        await (await client.DeleteAsync("/api/auth/login")).ShouldBeErrorAsync(405, ErrorCodes.MethodNotAllowed);
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_named()
    {
        using var client = api.CreateClient();
        await (await client.PostAsync("/api/auth/login", new StringContent("{\"email\":", Encoding.UTF8, "application/json")))
            .ShouldBeErrorAsync(400, ErrorCodes.InvalidJson);
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_named_with_its_place()
    {
        using var client = api.CreateClient();
        var error = await (await client.PostAsJsonAsync("/api/auth/login", new { email = 7, password = "x" })).ShouldBeErrorAsync(400, ErrorCodes.InvalidJson);
        error.GetProperty("message").GetString()!.ShouldContain("$.email");
    }

    [Fact]
    public async Task An_empty_body_is_a_bad_request()
    {
        using var client = api.CreateClient();
        await (await client.PostAsync("/api/auth/login", new StringContent("", Encoding.UTF8, "application/json"))).ShouldBeErrorAsync(400, ErrorCodes.BadRequest);
    }

    [Fact]
    public async Task Another_media_type_is_not_taken()
    {
        using var client = api.CreateClient();
        await (await client.PostAsync("/api/auth/login", new StringContent("email=a", Encoding.UTF8, "application/x-www-form-urlencoded")))
            .ShouldBeErrorAsync(415, ErrorCodes.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_too_large()
    {
        using var client = api.CreateClient();
        await (await client.PostAsJsonAsync("/api/auth/login", new { email = "a@example.com", password = new string('x', 10 * 1024 * 1024) }))
            .ShouldBeErrorAsync(413, ErrorCodes.PayloadTooLarge);
    }

    [Fact]
    public async Task Fields_are_named_as_the_client_wrote_them()
    {
        using var client = api.CreateClient();
        var error = await (await client.PostAsJsonAsync("/api/auth/signup", new { name = " ", email = "nobody", password = "short" }))
            .ShouldBeErrorAsync(422, ErrorCodes.ValidationError);

        var details = error.GetProperty("details");
        details.EnumerateObject().Select(field => field.Name).ShouldBe(["name", "email", "password"], ignoreOrder: true);
        details.GetProperty("password")[0].GetString()!.ShouldContain("8");
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_unauthorized()
    {
        using var client = api.CreateClient();
        var response = await client.GetAsync("/api/auth/session");
        await response.ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("a-harmless_id.1", true)]
    [InlineData("a line\u0009break", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task A_harmless_request_id_is_kept(string id, bool kept)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);

        var answered = (await client.SendAsync(request)).Headers.GetValues("X-Request-Id").Single();

        (answered == id).ShouldBe(kept);
    }

    [Fact]
    public async Task Answers_tell_browsers_to_be_careful()
    {
        using var client = api.CreateClient();
        var response = await client.GetAsync("/api/auth/session");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.CacheControl?.NoStore.ShouldBeTrue();
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData(ApiFactory.Frontend, true)]
    [InlineData("http://evil.example", false)]
    [InlineData("http://localhost:8080.evil.example", false)]
    public async Task Only_the_front_end_may_read_answers(string origin, bool allowed)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        request.Headers.Add("Origin", origin);

        var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values).ShouldBe(allowed);
        if (allowed)
        {
            values!.Single().ShouldBe(origin);
            response.Headers.GetValues("Access-Control-Allow-Credentials").Single().ShouldBe("true");
            response.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("X-Request-Id");
        }
    }
}
