using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Platform.Api.Tests.Auth;

[Trait("Category", "Integration")]
public sealed class DemoTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task The_demo_account_is_made_once_with_its_deployments_and_can_sign_in()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var seeded = api.With(("Demo:Seed", "true"), ("Demo:Password", ApiFactory.Password));
            using var client = seeded.CreateClient();
            var response = await client.PostAsJsonAsync("/api/auth/login", new { email = "demo@autostack.local", password = ApiFactory.Password });
            response.StatusCode.ShouldBe(HttpStatusCode.OK);

            var token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            var list = await client.GetFromJsonAsync<JsonElement>("/api/deployments");
            list.GetProperty("deployments").EnumerateArray().Select(deployment => deployment.GetProperty("repo").GetString())
                .ShouldBe(["plain-html", "vite-react", "broken-build"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Without_a_password_the_process_does_not_start()
    {
        await using var seeded = api.With(("Demo:Seed", "true"));
        Should.Throw<OptionsValidationException>(() => seeded.CreateClient()).Message.ShouldContain("DEMO_PASSWORD");
    }

    [Fact]
    public async Task A_weak_secret_stops_the_start_and_names_the_key()
    {
        await using var weak = api.With(("Auth:JwtSecret", "short"));
        Should.Throw<OptionsValidationException>(() => weak.CreateClient()).Message.ShouldContain("JWT_SECRET");
    }
}
