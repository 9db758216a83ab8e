using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Deployments;
using Platform.Core.Deployments;

namespace Platform.Api.Tests.Projects;

[Trait("Category", "Integration")]
public sealed class ProjectVariablesTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Secrets_are_kept_and_never_shown_again()
    {
        var (user, project) = await CreateAsync(envVars: "FROM_WIZARD=hidden-value");
        await PutAsync(user, project, new { production = new object[] { new { name = "FROM_WIZARD" }, new { name = "TOKEN", value = "very-secret" }, new { name = "MODE", value = "fast", secret = false } } });

        var text = (await user.GetAsync($"/api/projects/{project}/env")).ToString();
        text.ShouldNotContain("very-secret");
        text.ShouldNotContain("hidden-value");
        text.ShouldContain("\"fast\"");
        (await StoredAsync(project)).ShouldBe(new Dictionary<string, string> { ["FROM_WIZARD"] = "hidden-value", ["TOKEN"] = "very-secret", ["MODE"] = "fast" }, ignoreOrder: true);

        // What is left out goes; what is named without a value stays.
        await PutAsync(user, project, new { production = new object[] { new { name = "TOKEN" }, new { name = "MODE" } } });
        (await StoredAsync(project)).ShouldBe(new Dictionary<string, string> { ["TOKEN"] = "very-secret", ["MODE"] = "fast" }, ignoreOrder: true);
        await PutAsync(user, project, new { preview = Array.Empty<object>() });
        (await StoredAsync(project)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_becomes_public_only_with_a_new_value()
    {
        var (user, project) = await CreateAsync(envVars: "TOKEN=very-secret");
        var error = await (await user.Client.PutAsJsonAsync($"/api/projects/{project}/env", new { production = new[] { new { name = "TOKEN", secret = false } } })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");

        error.ToString().ShouldNotContain("very-secret");
        (await user.GetAsync($"/api/projects/{project}/env")).GetProperty("production")[0].GetProperty("value").ValueKind.ShouldBe(JsonValueKind.Null);
        await PutAsync(user, project, new { production = new[] { new { name = "TOKEN", value = "open", secret = false } } });
        (await user.GetAsync($"/api/projects/{project}/env")).GetProperty("production")[0].GetProperty("value").GetString().ShouldBe("open");
    }

    [Theory]
    [InlineData("""{"production":[{"name":"NEW"}]}""", "production")]
    [InlineData("""{"production":[{"name":"1X","value":"a"}]}""", "production")]
    [InlineData("""{"preview":[{"name":"A","value":"a"},{"name":"A","value":"b"}]}""", "preview")]
    [InlineData("""{"preview":[{"value":"a"}]}""", "preview")]
    [InlineData("""{"preview":[null]}""", "preview")]
    public async Task Bad_variables_are_refused_and_change_nothing(string json, string field)
    {
        var (user, project) = await CreateAsync(envVars: "KEEP=me");
        var response = await user.Client.PutAsync($"/api/projects/{project}/env", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        (await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
        (await StoredAsync(project)).ShouldBe(new Dictionary<string, string> { ["KEEP"] = "me" });
    }

    [Fact]
    public async Task A_deployment_that_says_nothing_about_variables_keeps_them()
    {
        var (user, project) = await CreateAsync(envVars: "KEEP=me");
        var again = await user.DeployAsync();

        again.GetProperty("projectId").GetGuid().ShouldBe(project);
        (await StoredAsync(project)).ShouldBe(new Dictionary<string, string> { ["KEEP"] = "me" });
        await using var database = api.CreateContext();
        (await database.Deployments.SingleAsync(row => row.Id == again.Id())).EnvVars.ShouldNotBeNull();
    }

    private async Task<(ApiUser User, Guid Project)> CreateAsync(string envVars)
    {
        var user = await api.SignUpAsync();
        return (user, (await user.DeployAsync(envVars: envVars)).GetProperty("projectId").GetGuid());
    }

    private static async Task PutAsync(ApiUser user, Guid project, object body) =>
        (await user.Client.PutAsJsonAsync($"/api/projects/{project}/env", body)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);

    private async Task<IReadOnlyDictionary<string, string>> StoredAsync(Guid project)
    {
        await using var database = api.CreateContext();
        var stored = await database.Projects.Where(row => row.Id == project).Select(row => row.EnvVars).SingleAsync();
        return api.Services.GetRequiredService<DeploymentEnvironment>().Unprotect(stored);
    }
}
