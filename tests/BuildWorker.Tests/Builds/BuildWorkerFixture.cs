using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Containers;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;
using Platform.Core.Realtime;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>Real stores, a real engine, and a label of its own, so that it sees its own containers only.</summary>
public class BuildWorkerFixture : IAsyncLifetime, IDisposable
{
    private readonly PostgresFixture _postgres = new();
    private readonly RedisFixture _redis = new();
    private readonly TemporaryDirectory _data = new();

    public string Label { get; } = "test-" + Guid.NewGuid().ToString("N");

    public string SamplesPath => Path.Combine(Core.InstallationRoot.Find(AppContext.BaseDirectory), "samples");

    protected virtual string Postgres => _postgres.ConnectionString;

    protected virtual string Redis => _redis.ConnectionString;

    public virtual async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _redis.InitializeAsync();
    }

    public virtual Dictionary<string, string?> Settings(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:platform"] = Postgres,
            ["ConnectionStrings:redis"] = Redis,
            ["Containers:Platform"] = Label,
            ["Artifacts:Path"] = Path.Combine(_data.Path, "artifacts"),
            ["Build:WorkPath"] = Path.Combine(_data.Path, "builds"),
            ["Sources:ArchivePath"] = Path.Combine(_data.Path, "archives"),
            ["Sources:SamplesPath"] = SamplesPath,
            ["Jobs:Engine"] = "postgres",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in more) settings[key] = value;
        return settings;
    }

    /// <summary>A worker in this process.</summary>
    public async Task<WebApplication> StartWorkerAsync(params (string Key, string Value)[] settings)
    {
        var app = Build(settings, serve: true);
        await app.StartAsync(CancellationToken.None);
        return app;
    }

    /// <summary>The worker's services without a running worker.</summary>
    public WebApplication Build((string Key, string Value)[] settings, bool serve)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ApplicationName = "Platform.BuildWorker" });
        builder.Configuration.AddInMemoryCollection(Settings(settings));
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.AddServiceDefaults();
        builder.AddPlatformStores();
        builder.Services.AddRealtime();
        if (serve)
        {
            builder.AddBuilds();
        }
        else
        {
            builder.AddDeploymentContracts();
            builder.AddArtifactStore();
            builder.Services.AddPlatformDataProtection();
            builder.Services.AddJobQueue(builder.Configuration);
            builder.Services.AddContainerEngine();
        }

        return builder.Build();
    }

    public PlatformDbContext CreateContext() => TestDatabases.CreateContext(Postgres);

    /// <summary>Places a deployment as the Api does.</summary>
    public async Task<Guid> PlaceAsync(
        IServiceProvider services, string repository, string branch = "main", IReadOnlyDictionary<string, string>? variables = null, Action<Deployment>? configure = null, Guid? projectId = null,
        Action<PlatformDbContext, Guid>? also = null)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IJobOutbox>();
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7();
        var user = new PlatformUser { Id = id, Name = "Test", Email = $"{id:N}@example.test", UserName = $"{id:N}@example.test", CreatedAt = now, UpdatedAt = now };
        var project = new Project
        {
            Id = id,
            OwnerId = id,
            UserId = id,
            Name = "test",
            Slug = $"t{id.ToString("N")[..20]}",
            Repository = repository,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var deployment = new Deployment
        {
            Id = id,
            OwnerId = id,
            UserId = id,
            ProjectId = id,
            Branch = branch,
            CreatedAt = now,
            EnvVars = scope.ServiceProvider.GetRequiredService<DeploymentEnvironment>().Protect(variables ?? new Dictionary<string, string>()),
        };
        configure?.Invoke(deployment);
        if (projectId is { } shared) deployment.ProjectId = shared;
        foreach (var stage in new[] { "queued", "building", "deploying", "success" })
        {
            deployment.Stages.Add(new DeploymentStage { Id = Guid.CreateVersion7(), DeploymentId = id, StageName = stage, CreatedAt = now });
        }

        deployment.JobId = outbox.Add(new BuildDeploymentJob(id), new EnqueueOptions { FairnessKey = deployment.OwnerId.ToString("N") });
        if (projectId is null) db.AddRange(user, project);
        else (deployment.OwnerId, deployment.UserId) = (projectId.Value, projectId.Value);
        db.Add(deployment);
        also?.Invoke(db, deployment.UserId);
        await db.SaveChangesAsync();
        await outbox.RelayAsync(CancellationToken.None);
        return id;
    }

    public async Task<Deployment> WaitAsync(Guid id, Func<Deployment, bool> until, TimeSpan? timeout = null) => (await Eventually.ValueAsync(
        () => TryReadAsync(id), row => row is not null && until(row), timeout ?? TimeSpan.FromMinutes(3)))!;

    /// <summary>Asks for the end of its job, as the Api does.</summary>
    public async Task<bool> CancelAsync(IServiceProvider services, Guid id)
    {
        await using var db = CreateContext();
        var job = await db.Deployments.Where(row => row.Id == id).Select(row => row.JobId).SingleAsync();
        return await services.GetRequiredService<IJobQueue>().CancelAsync(job!.Value, CancellationToken.None);
    }

    public Task<Deployment> WaitForEndAsync(Guid id, TimeSpan? timeout = null) => WaitAsync(id, row => DeploymentStatus.IsFinal(row.Status), timeout);

    /// <summary>Null: the database is away, as tests of that have it.</summary>
    private async Task<Deployment?> TryReadAsync(Guid id)
    {
        try
        {
            await using var db = CreateContext();
            return await db.Deployments.AsNoTracking().Include(row => row.Stages).SingleAsync(row => row.Id == id);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException { InnerException: Npgsql.NpgsqlException })
        {
            return null;
        }
    }

    public async Task<List<DeploymentLog>> ReadLogAsync(Guid id)
    {
        await using var db = CreateContext();
        return await db.DeploymentLogs.AsNoTracking().Where(line => line.DeploymentId == id).OrderBy(line => line.Seq).ToListAsync();
    }

    /// <summary>Files of the worker's directories that hold a text.</summary>
    public IEnumerable<string> FilesContaining(string text) =>
        Directory.EnumerateFiles(_data.Path, "*", SearchOption.AllDirectories).Where(path => Holds(path, text));

    // The worker throws away what it made of a build while its files are looked through: what is gone holds nothing.
    private static bool Holds(string path, string text)
    {
        try
        {
            return File.ReadAllText(path).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    public IEnumerable<string> WorkDirectories() =>
        Directory.Exists(Path.Combine(_data.Path, "builds")) ? Directory.EnumerateDirectories(Path.Combine(_data.Path, "builds")) : [];

    public virtual async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    public void Dispose()
    {
        _data.Dispose();
        GC.SuppressFinalize(this);
    }
}
