using Microsoft.Extensions.Options;
using Npgsql;
using NSubstitute;
using Platform.Core.Artifacts;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Realtime;
using Platform.Testing;

namespace Platform.Core.Tests.Deployments;

/// <summary>Projects and deployments in a database of their own.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();

    public ShiftedTime Time { get; } = new();

    public NpgsqlDataSource Source { get; private set; } = null!;

    public IEventBus Events { get; } = Substitute.For<IEventBus>();

    public SiteProduction Production => new(Source, Events, Time);

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Source = NpgsqlDataSource.Create(_postgres.ConnectionString);
    }

    public PlatformDbContext CreateContext() => _postgres.CreateContext();

    public SiteRetention Retention(RetentionOptions options) => new(Source, Options.Create(options), Time);

    public async Task<Project> AddProjectAsync(Guid? owner = null)
    {
        var id = Guid.CreateVersion7();
        var now = Time.GetUtcNow();
        await using var db = CreateContext();
        if (owner is null) db.Add(new PlatformUser { Id = id, Name = "Test", Email = $"{id:N}@example.test", UserName = $"{id:N}@example.test", CreatedAt = now, UpdatedAt = now });
        var project = new Project
        {
            Id = id,
            OwnerId = owner ?? id,
            UserId = owner ?? id,
            Name = "site",
            Slug = $"s{id.ToString("N")[12..]}",
            Repository = $"sample:{id:N}",
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(project);
        await db.SaveChangesAsync();
        return project;
    }

    public async Task<Guid> AddDeploymentAsync(Project project, string status = DeploymentStatus.Success, DateTimeOffset? createdAt = null, string? env = null, long bytes = 10, params string[] hashes)
    {
        var id = Guid.CreateVersion7();
        var files = hashes.Select((hash, index) => (hash, index)).ToDictionary(entry => $"{entry.index}.html", entry => new SiteFile(entry.hash, 1, "text/html", new Dictionary<string, long>()));
        await using var db = CreateContext();
        db.Add(new Deployment
        {
            Id = id,
            OwnerId = project.OwnerId,
            UserId = project.UserId,
            ProjectId = project.Id,
            Branch = "main",
            Status = status,
            EnvVars = env,
            OutputBytes = bytes,
            Manifest = status == DeploymentStatus.Success ? SiteManifestJson.Write(new SiteManifest(files, false)) : null,
            CreatedAt = createdAt ?? Time.GetUtcNow(),
        });
        await db.SaveChangesAsync();
        return id;
    }

    /// <summary>What the worker does when a build has succeeded.</summary>
    public async Task<bool> FinishAsync(Project project, Guid deployment)
    {
        await using var db = CreateContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var moved = await SiteProduction.AdvanceAsync(db, project.Id, deployment, Time.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        return moved;
    }

    public async Task<Project> ReloadAsync(Project project)
    {
        await using var db = CreateContext();
        return (await db.Projects.FindAsync(project.Id))!;
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
