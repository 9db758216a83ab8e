using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Organizations;
using Platform.Core.Deployments;
using static Platform.Api.Tests.Deployments.UploadSteps;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class UploadTests(ApiFactory api) : IClassFixture<ApiFactory>, IDisposable
{
    private static readonly (string Field, string Value)[] Fields =
    [
        ("name", "Größe 1"), ("rootDir", "apps/web/"), ("installCommand", "make deps"), ("buildCommand", "make"), ("outputDir", "out"), ("nodeVersion", "22"),
        ("envVars", "KEY=value=1\n# nothing\r\nOTHER=\"quoted\""), ("note", "nobody reads this"),
    ];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"uploads-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_archive_is_deployed_as_body_and_as_form()
    {
        var user = await api.SignUpAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        var first = await (await client.PostAsync("/api/deployments/upload?name=My+Shop&buildCommand=make", Body(Zip(), "application/zip"))).ReadJsonAsync();
        first.GetProperty("repo").GetString().ShouldBe("My Shop");
        var project = first.GetProperty("projectId").GetGuid();

        using var form = new MultipartFormDataContent { { new StringContent("x"), "note" }, { Body(Zip(), "application/zip"), "file", "site.zip" } };
        var second = await (await client.PostAsync($"/api/deployments/upload?project={project}", form)).ReadJsonAsync();
        second.GetProperty("projectId").GetGuid().ShouldBe(project);
        await using var database = api.CreateContext();
        var sources = await database.Deployments.Where(row => row.ProjectId == project).OrderBy(row => row.CreatedAt).Select(row => row.Source!).ToListAsync();
        sources.Count.ShouldBe(2);
        sources.ShouldBeUnique();
        (await database.Projects.SingleAsync(row => row.Id == project)).ShouldSatisfyAllConditions(
            row => row.Repository.ShouldBe(sources[1]), row => row.BuildCommand.ShouldBe("make"), row => row.OutputDir.ShouldBeNull(), row => row.Slug.ShouldStartWith("my-shop"));
        var archives = host.Services.GetRequiredService<ISourceArchives>();
        await using (var stored = await archives.OpenAsync(user.Id, Guid.Parse(sources[1]["archive:".Length..]), CancellationToken.None)) stored.ShouldNotBeNull().Length.ShouldBe(Zip().Length);

        // The first one is repeated from its own archive; with the project all of it goes.
        var again = await (await client.PostAsync($"/api/deployments/{first.Id()}/redeploy", null)).ReadJsonAsync();
        (await database.Deployments.SingleAsync(row => row.Id == again.Id())).Source.ShouldBe(sources[0]);
        (await client.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (await archives.GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(0);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_form_says_all_that_a_repository_can_be_given(bool fieldsFirst)
    {
        var user = await api.SignUpAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        using var form = new MultipartFormDataContent();
        if (!fieldsFirst) form.Add(Body(Zip(), "application/zip"), "file", "site.zip");
        foreach (var (field, value) in Fields) form.Add(new StringContent(value), field);
        if (fieldsFirst) form.Add(Body(Zip(), "application/zip"), "file", "site.zip");

        var made = await (await client.PostAsync("/api/deployments/upload?buildCommand=not+this", form)).ReadJsonAsync();

        await using var database = api.CreateContext();
        var environments = host.Services.GetRequiredService<DeploymentEnvironment>();
        var deployment = await database.Deployments.Include(row => row.Project).SingleAsync(row => row.Id == made.Id());
        deployment.ShouldSatisfyAllConditions(
            row => row.Project!.Name.ShouldBe("Größe 1"),
            row => (row.RootDir, row.Project!.RootDir).ShouldBe(("apps/web", "apps/web")),
            row => (row.InstallCommand, row.BuildCommand, row.OutputDir, row.NodeVersion).ShouldBe(("make deps", "make", "out", "22")),
            row => (row.Project!.InstallCommand, row.Project.BuildCommand, row.Project.OutputDir, row.Project.NodeVersion).ShouldBe(("make deps", "make", "out", "22")),
            row => environments.Unprotect(row.EnvVars).ShouldBe(new Dictionary<string, string> { ["KEY"] = "value=1", ["OTHER"] = "quoted" }),
            row => row.Project!.EnvVars.ShouldBe(row.EnvVars));

        // A project that is there keeps what is not said.
        using var next = new MultipartFormDataContent
        {
            { new StringContent($"{deployment.ProjectId}"), "project" }, { new StringContent("npm run build"), "buildCommand" }, { new StringContent("{\"A\":\"b\"}"), "envVars" },
            { Body(Zip(), "application/zip"), "file", "site.zip" },
        };
        var second = await (await client.PostAsync("/api/deployments/upload", next)).ReadJsonAsync();
        second.GetProperty("projectId").GetGuid().ShouldBe(deployment.ProjectId);
        (await database.Deployments.SingleAsync(row => row.Id == second.Id())).ShouldSatisfyAllConditions(
            row => (row.RootDir, row.InstallCommand, row.BuildCommand, row.OutputDir, row.NodeVersion).ShouldBe(("apps/web", "make deps", "npm run build", "out", "22")),
            row => environments.Unprotect(row.EnvVars).ShouldBe(new Dictionary<string, string> { ["A"] = "b" }));
    }

    [Theory]
    [InlineData("envVars", "1BAD=x")]
    [InlineData("envVars", "{\"A\":")]
    [InlineData("envVars", "{\"A\":1}")]
    [InlineData("rootDir", "../etc")]
    [InlineData("outputDir", "/etc")]
    [InlineData("nodeVersion", "$(reboot)")]
    [InlineData("buildCommand", "make\nrm -rf /")]
    [InlineData("name", "two\nlines")]
    [InlineData("project", "dep_001")]
    [InlineData("owner", "me")]
    public async Task A_field_that_is_wrong_is_named_wherever_it_stands_and_nothing_is_left(string field, string value)
    {
        var user = await api.SignUpAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        foreach (var before in new[] { true, false })
        {
            using var form = new MultipartFormDataContent();
            if (before) form.Add(new StringContent(value), field);
            form.Add(Body(Zip(), "application/zip"), "file", "site.zip");
            if (!before) form.Add(new StringContent(value), field);

            var error = await (await client.PostAsync("/api/deployments/upload", form)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
            error.GetProperty("details").EnumerateObject().Select(each => each.Name).ShouldBe([field]);
        }

        (await host.Services.GetRequiredService<ISourceArchives>().GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(0);
        await using var database = api.CreateContext();
        (await database.Projects.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_upload_is_asked_of_fields_too_and_none_is_changed_behind_the_file()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var project = (await owner.DeployAsync()).GetProperty("projectId").GetGuid();
        using var host = Host();
        using var client = ClientOf(host, other);
        foreach (var (field, value, code) in new[] { ("project", project, "PROJECT_NOT_FOUND"), ("owner", owner.Id, "OWNER_NOT_FOUND") })
        {
            using var first = new MultipartFormDataContent { { new StringContent($"{value}"), field }, { Body(Zip(), "application/zip"), "file", "site.zip" } };
            await (await client.PostAsync("/api/deployments/upload", first)).ShouldBeErrorAsync(404, code);
            using var behind = new MultipartFormDataContent { { Body(Zip(), "application/zip"), "file", "site.zip" }, { new StringContent($"{value}"), field } };
            (await (await client.PostAsync("/api/deployments/upload", behind)).ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").TryGetProperty(field, out _).ShouldBeTrue();
        }

        using var twice = new MultipartFormDataContent { { Body(Zip(), "application/zip"), "file", "a.zip" }, { Body(Zip(), "application/zip"), "file", "b.zip" } };
        await (await client.PostAsync("/api/deployments/upload", twice)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        using var endless = new MultipartFormDataContent { { new StringContent(new string('x', 600_000)), "note" }, { Body(Zip(), "application/zip"), "file", "a.zip" } };
        await (await client.PostAsync("/api/deployments/upload", endless)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        var archives = host.Services.GetRequiredService<ISourceArchives>();
        foreach (var id in new[] { owner.Id, other.Id }) (await archives.GetSizeAsync(id, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Uploads_go_with_a_project_that_is_given_away()
    {
        var user = await api.SignUpAsync();
        var organization = await user.CreateOrganizationAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        var first = await (await client.PostAsync("/api/deployments/upload", Body(Zip(), "application/zip"))).ReadJsonAsync();
        var project = first.GetProperty("projectId").GetGuid();
        await (await client.PostAsync($"/api/deployments/upload?project={project}", Body(Zip(), "application/zip"))).ReadJsonAsync();
        await (await client.PostAsync("/api/deployments/upload?name=stays", Body(Zip(), "application/zip"))).ReadJsonAsync();
        var archives = host.Services.GetRequiredService<ISourceArchives>();
        var one = await archives.GetSizeAsync(user.Id, CancellationToken.None) / 3;

        await (await client.PostAsJsonAsync($"/api/projects/{project}/transfer", new { owner = Guid.NewGuid() })).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        (await archives.GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(3 * one);
        (await client.PostAsJsonAsync($"/api/projects/{project}/transfer", new { owner = organization })).EnsureSuccessStatusCode();

        (await archives.GetSizeAsync(organization, CancellationToken.None)).ShouldBe(2 * one);
        (await archives.GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(one);
        await using var database = api.CreateContext();
        foreach (var source in await database.Deployments.Where(row => row.ProjectId == project).Select(row => row.Source!).ToListAsync())
        {
            await using var stored = await archives.OpenAsync(organization, Guid.Parse(source["archive:".Length..]), CancellationToken.None);
            stored.ShouldNotBeNull().Length.ShouldBe(one);
        }

        (await client.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (await archives.GetSizeAsync(organization, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task A_transfer_that_fails_leaves_uploads_where_they_were()
    {
        var user = await api.SignUpAsync();
        var organization = await user.CreateOrganizationAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        var project = (await user.DeployAsync("https://git.example.com/a/same")).GetProperty("projectId").GetGuid();
        await (await client.PostAsync($"/api/deployments/upload?project={project}", Body(Zip(), "application/zip"))).ReadJsonAsync();
        (await user.PostAsync("/api/deployments", new { repository = "https://git.example.com/a/same", branch = "main", owner = organization })).EnsureSuccessStatusCode();
        var archives = host.Services.GetRequiredService<ISourceArchives>();
        var size = await archives.GetSizeAsync(user.Id, CancellationToken.None);

        await (await client.PostAsJsonAsync($"/api/projects/{project}/transfer", new { owner = organization })).ShouldBeErrorAsync(409, "PROJECT_EXISTS");

        (await archives.GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(size);
        (await archives.GetSizeAsync(organization, CancellationToken.None)).ShouldBe(0);
    }

    [Theory]
    [InlineData("application/zip", "this is no archive")]
    [InlineData("application/zip", "")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\nPK\u0003\u0004 and then nothing")]
    [InlineData("multipart/form-data", "nothing")]
    public async Task What_is_no_archive_is_refused_and_leaves_nothing(string type, string content)
    {
        var user = await api.SignUpAsync();
        using var host = Host();
        using var client = ClientOf(host, user);
        var body = new ByteArrayContent(System.Text.Encoding.Latin1.GetBytes(content));
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        var error = await (await client.PostAsync("/api/deployments/upload", body)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").TryGetProperty("file", out _).ShouldBeTrue();
        (await host.Services.GetRequiredService<ISourceArchives>().GetSizeAsync(user.Id, CancellationToken.None)).ShouldBe(0);
        await using var database = api.CreateContext();
        (await database.Projects.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Large_archives_and_full_stores_are_refused()
    {
        var user = await api.SignUpAsync();
        // Larger than any other body may be.
        using var host = Host(("Sources:MaxArchiveBytes", $"{8 * 1024 * 1024}"), ("Sources:MaxOwnerArchiveBytes", $"{9 * 1024 * 1024}"));
        using var client = ClientOf(host, user);
        await (await client.PostAsync("/api/deployments/upload", Body(Zip(6), "application/zip"))).ReadJsonAsync();

        await (await client.PostAsync("/api/deployments/upload", Body(Zip(6), "application/zip"))).ShouldBeErrorAsync(413, "ARCHIVE_QUOTA_EXCEEDED");
        await (await client.PostAsync("/api/deployments/upload", Body(Zip(9), "application/zip"))).ShouldBeErrorAsync(413, "PAYLOAD_TOO_LARGE");
        using var plain = new ByteArrayContent(new byte[1]);
        plain.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        await (await client.PostAsync("/api/deployments/upload", plain)).ShouldBeErrorAsync(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task Nobody_uploads_to_a_foreign_project()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var project = (await owner.DeployAsync()).GetProperty("projectId").GetGuid();
        using var host = Host();
        using var client = ClientOf(host, other);

        await (await client.PostAsync($"/api/deployments/upload?project={project}", Body(Zip(), "application/zip"))).ShouldBeErrorAsync(404, "PROJECT_NOT_FOUND");
        await (await client.PostAsync($"/api/deployments/upload?owner={owner.Id}", Body(Zip(), "application/zip"))).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        Directory.Exists(_folder).ShouldBeFalse();
    }

    private WebApplicationFactory<Program> Host(params (string Key, string Value)[] settings) => api.With([("Sources:ArchivePath", _folder), .. settings]);
}
