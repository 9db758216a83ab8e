using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Projects;

/// <summary>Environment variables of projects: encrypted, and shown again only where somebody has said that they are no secrets.</summary>
internal sealed class ProjectVariables(PlatformDbContext database, DeploymentEnvironment environments, TimeProvider time)
{
    public async Task<EnvironmentResponse?> FindAsync(Guid projectId, CancellationToken cancellationToken) =>
        await database.Projects.AsNoTracking().FirstOrDefaultAsync(row => row.Id == projectId, cancellationToken) is { } project ? Describe(project) : null;

    /// <returns>The variables now, or which fields are wrong; neither when there is no such project.</returns>
    public Task<(EnvironmentResponse? Variables, IReadOnlyDictionary<string, string[]>? Problems)> SaveAsync(
        Guid projectId, UpdateEnvironmentRequest request, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            // Values that are not given come from the row: nobody may change it in between.
            var found = await database.Projects.FromSql($"SELECT * FROM projects WHERE id = {projectId} FOR UPDATE").ToListAsync(token);
            if (found is not [var project]) return default;
            var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
            if (Apply("production", request.Production, project.EnvVars, project.ShownVariables, problems) is { } production)
                (project.EnvVars, project.ShownVariables) = production;
            if (Apply("preview", request.Preview, project.PreviewEnvVars, project.ShownPreviewVariables, problems) is { } preview)
                (project.PreviewEnvVars, project.ShownPreviewVariables) = preview;
            if (problems.Count > 0)
            {
                database.ChangeTracker.Clear();
                return (null, problems);
            }

            project.UpdatedAt = time.GetUtcNow();
            await database.SaveChangesAsync(token);
            return ((EnvironmentResponse?)Describe(project), (IReadOnlyDictionary<string, string[]>?)null);
        },
        cancellationToken);

    private EnvironmentResponse Describe(Project project) =>
        new(Describe(project.EnvVars, project.ShownVariables), Describe(project.PreviewEnvVars, project.ShownPreviewVariables));

    private List<VariableResponse> Describe(string? stored, List<string> shown) =>
        [.. environments.Unprotect(stored).OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => shown.Contains(variable.Key) ? new VariableResponse(variable.Key, variable.Value, Secret: false) : new VariableResponse(variable.Key, null, Secret: true))];

    private (string? Stored, List<string> Shown)? Apply(
        string field, IReadOnlyList<VariableRequest>? wanted, string? stored, List<string> shown, Dictionary<string, string[]> problems)
    {
        if (wanted is null) return null;
        var (before, after, open) = (environments.Unprotect(stored), new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var variable in wanted)
        {
            var name = variable?.Name ?? "";
            var value = variable?.Value ?? before.GetValueOrDefault(name);
            var secret = variable?.Secret ?? !shown.Contains(name);
            var problem = value is null ? $"Give {name} a value."
                : !secret && variable!.Value is null && !shown.Contains(name) ? $"{name} is a secret: give it a new value to show it."
                : after.TryAdd(name, value) ? null : $"{name} is there twice.";
            if (problem is not null)
            {
                problems[field] = [problem];
                return null;
            }

            if (!secret) open.Add(name);
        }

        if (!BuildVariables.TryParse(JsonSerializer.SerializeToElement(after), out _, out var refused))
        {
            problems[field] = [refused];
            return null;
        }

        return (environments.Protect(after), open);
    }
}
