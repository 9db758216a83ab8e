using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Deployments;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class UploadTests(ApiFactory api) : IClassFixture<ApiFactory>, IDisposable
{
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

    private static HttpClient ClientOf(WebApplicationFactory<Program> host, ApiUser user)
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        return client;
    }

    private static ByteArrayContent Body(byte[] content, string type)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }

    private static byte[] Zip(int megabytes = 0)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("index.html", CompressionLevel.NoCompression).Open();
            entry.Write(new byte[Math.Max(megabytes * 1024 * 1024, 10)]);
        }

        return memory.ToArray();
    }
}
