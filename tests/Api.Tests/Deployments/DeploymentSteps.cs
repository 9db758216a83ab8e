using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Deployments;

/// <summary>What tests of deployments and projects begin with.</summary>
internal static class DeploymentSteps
{
    public const string Manifest = """{"files":{},"spaFallback":false}""";

    public static async Task<JsonElement> GetAsync(this ApiUser user, string path) => await (await user.Client.GetAsync(path)).ReadJsonAsync();

    public static Task<HttpResponseMessage> PostAsync(this ApiUser user, string path, object? body = null) =>
        body is null ? user.Client.PostAsync(path, null) : user.Client.PostAsJsonAsync(path, body);

    /// <summary>A new deployment; the answer.</summary>
    public static async Task<JsonElement> DeployAsync(this ApiUser user, string repository = "https://git.example.com/team/shop", string branch = "main", object? envVars = null) =>
        await (await user.PostAsync("/api/deployments", new { repository, branch, envVars })).ReadJsonAsync();

    /// <summary>As a worker that succeeded leaves it, in production if asked for.</summary>
    public static async Task SucceedAsync(this ApiFactory api, Guid id, bool production, string commit = "0123456789abcdef0123456789abcdef01234567")
    {
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row
            .SetProperty(each => each.Status, DeploymentStatus.Success)
            .SetProperty(each => each.Manifest, Manifest)
            .SetProperty(each => each.CommitHash, commit));
        if (!production) return;
        var project = await database.Deployments.Where(row => row.Id == id).Select(row => row.ProjectId).SingleAsync();
        var before = await database.Projects.Where(row => row.Id == project).Select(row => row.ProductionDeploymentId).SingleAsync();
        await database.Projects.Where(row => row.Id == project).ExecuteUpdateAsync(row => row.SetProperty(each => each.ProductionDeploymentId, id));
        database.ProductionChanges.Add(new ProductionChange
        {
            Id = Guid.NewGuid(),
            ProjectId = project,
            DeploymentId = id,
            PreviousDeploymentId = before,
            Reason = ProductionChangeReason.Deploy,
            CreatedAt = api.Time.GetUtcNow(),
        });
        await database.SaveChangesAsync();
    }

    public static Guid Id(this JsonElement body) => body.GetProperty("id").GetGuid();
}
