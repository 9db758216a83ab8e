using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Deployments;
using Platform.Core.Deployments;
using static Platform.Api.Tests.Deployments.UploadSteps;

namespace Platform.Api.Tests.Organizations;

/// <summary>What a receiver may have limits what they can be handed.</summary>
[Trait("Category", "Integration")]
public sealed class ReceiverQuotaTests(ApiFactory api) : IClassFixture<ApiFactory>, IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"receiver-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Uploads_that_do_not_fit_stay_where_they_are()
    {
        var user = await api.SignUpAsync();
        var organization = await user.CreateOrganizationAsync();
        using var host = Host(("Sources:MaxOwnerArchiveBytes", $"{3 * Megabyte}"));
        using var client = ClientOf(host, user);
        var archives = host.Services.GetRequiredService<ISourceArchives>();
        await UploadAsync(client, 2, organization);
        var (large, small) = (await UploadAsync(client, 2), await UploadAsync(client, 0));
        var (mine, theirs) = (await archives.GetSizeAsync(user.Id, default), await archives.GetSizeAsync(organization, default));

        var error = await (await TransferAsync(client, large, organization)).ShouldBeErrorAsync(409, "OWNER_STORAGE_EXCEEDED");

        error.GetProperty("details").GetProperty("what").GetString().ShouldBe("uploads");
        error.GetProperty("details").GetProperty("limitBytes").GetInt64().ShouldBe(3 * Megabyte);
        error.GetProperty("details").GetProperty("neededBytes").GetInt64().ShouldBeGreaterThan(4 * Megabyte);
        (await archives.GetSizeAsync(user.Id, default)).ShouldBe(mine);
        (await archives.GetSizeAsync(organization, default)).ShouldBe(theirs);
        (await OwnerAsync(large)).ShouldBe(user.Id);
        (await TransferAsync(client, small, organization)).EnsureSuccessStatusCode();
        // There and back again: what one had fits.
        (await TransferAsync(client, small, user.Id)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Of_two_that_do_not_fit_together_one_is_taken()
    {
        var user = await api.SignUpAsync();
        using var host = Host(("Sources:MaxOwnerArchiveBytes", $"{5 * Megabyte}"));
        using var client = ClientOf(host, user);
        for (var round = 0; round < 3; round++)
        {
            var organization = await user.CreateOrganizationAsync();
            var given = new[] { await user.CreateOrganizationAsync(), await user.CreateOrganizationAsync() };
            var projects = new[] { await UploadAsync(client, 3, given[0]), await UploadAsync(client, 3, given[1]) };

            var answers = await Task.WhenAll(projects.Select(project => TransferAsync(client, project, organization)));

            answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
            await answers.Single(answer => !answer.IsSuccessStatusCode).ShouldBeErrorAsync(409, "OWNER_STORAGE_EXCEEDED");
            (await host.Services.GetRequiredService<ISourceArchives>().GetSizeAsync(organization, default)).ShouldBeInRange(3 * Megabyte, 5 * Megabyte);
        }
    }

    [Fact]
    public async Task Uploads_at_once_do_not_pass_the_limit_together()
    {
        var user = await api.SignUpAsync();
        using var host = Host(("Sources:MaxOwnerArchiveBytes", $"{5 * Megabyte}"));
        using var client = ClientOf(host, user);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => client.PostAsync($"/api/deployments/upload?name=n{number}", Body(Zip(3), "application/zip"))));

        (await host.Services.GetRequiredService<ISourceArchives>().GetSizeAsync(user.Id, default)).ShouldBeLessThanOrEqualTo(5 * Megabyte);
    }

    [Fact]
    public async Task Sites_that_would_push_out_those_of_the_receiver_are_refused()
    {
        var user = await api.SignUpAsync();
        var organization = await user.CreateOrganizationAsync();
        using var host = Host(("Retention:OwnerBytes", "1000"));
        using var client = ClientOf(host, user);
        var there = await (await user.PostAsync("/api/deployments", new { repository = "https://git.example.com/q/there", branch = "main", owner = organization })).ReadJsonAsync();
        await PublishAsync(there.Id(), 700);
        var deployment = await user.DeployAsync("https://git.example.com/q/comes");
        var project = deployment.GetProperty("projectId").GetGuid();
        await PublishAsync(deployment.Id(), 400);

        var error = await (await TransferAsync(client, project, organization)).ShouldBeErrorAsync(409, "OWNER_STORAGE_EXCEEDED");
        error.GetProperty("details").GetProperty("what").GetString().ShouldBe("sites");
        error.GetProperty("details").GetProperty("neededBytes").GetInt64().ShouldBe(1100);
        (await OwnerAsync(project)).ShouldBe(user.Id);

        // What has lost its files takes no room.
        await using (var database = api.CreateContext())
            await database.Deployments.Where(row => row.Id == deployment.Id()).ExecuteUpdateAsync(row => row.SetProperty(each => each.Manifest, (string?)null));
        (await TransferAsync(client, project, organization)).EnsureSuccessStatusCode();
    }

    private static Task<HttpResponseMessage> TransferAsync(HttpClient client, Guid project, Guid owner) =>
        client.PostAsJsonAsync($"/api/projects/{project}/transfer", new { owner });

    private static async Task<Guid> UploadAsync(HttpClient client, int megabytes, Guid? owner = null) =>
        (await (await client.PostAsync($"/api/deployments/upload?name=u{Guid.NewGuid():N}{(owner is null ? "" : $"&owner={owner}")}", Body(Zip(megabytes), "application/zip"))).ReadJsonAsync())
        .GetProperty("projectId").GetGuid();

    private async Task PublishAsync(Guid id, long bytes)
    {
        await api.SucceedAsync(id, production: false);
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.OutputBytes, bytes));
    }

    private async Task<Guid> OwnerAsync(Guid project)
    {
        await using var database = api.CreateContext();
        return await database.Projects.Where(row => row.Id == project).Select(row => row.OwnerId).SingleAsync();
    }

    private WebApplicationFactory<Program> Host(params (string Key, string Value)[] settings) => api.With([("Sources:ArchivePath", _folder), .. settings]);
}
