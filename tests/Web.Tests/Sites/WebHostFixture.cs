using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Core.Artifacts;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Domains;
using Platform.Core.Realtime;
using Platform.ServiceDefaults;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Web.Tests.Sites;

/// <summary>A published site.</summary>
public sealed record PublishedFixture(Guid ProjectId, Guid DeploymentId, string Slug)
{
    public string Host => $"{Slug}.apps.localhost";
}

/// <summary>The Web host over real stores.</summary>
public class WebHostFixture : IAsyncLifetime, IDisposable
{
    private readonly PostgresFixture _postgres = new();
    private readonly RedisFixture _redis = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-test-");
    private WebApplicationFactory<Program>? _factory;

    public IServiceProvider Services => _factory!.Services;

    /// <summary>What the domain name system says in these tests.</summary>
    public FakeResolver Resolver { get; } = new();

    public PlatformDbContext CreateContext() => _postgres.CreateContext();

    public string WebRoot => Path.Combine(_data.FullName, "wwwroot");

    public string Artifacts => Path.Combine(_data.FullName, "artifacts");

    public string Postgres => _postgres.ConnectionString;

    public string Redis => _redis.ConnectionString;

    /// <summary>Where the host listens: a real server, since what it makes of a broken request is part of what is tested.</summary>
    public Uri Address => new(Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _redis.InitializeAsync();
        var root = Directory.CreateDirectory(Path.Combine(_data.FullName, "wwwroot", "assets")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), "<!doctype html><title>App</title>");
        await File.WriteAllTextAsync(Path.Combine(root, "csp.json"), """{"scriptHashes":["sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}""");
        await File.WriteAllTextAsync(Path.Combine(root, "assets", "app.js"), new string('a', 3000));
        await File.WriteAllTextAsync(Path.Combine(root, "assets", "app.js.br"), "compressed");
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => Configure(builder)
            .UseEnvironment("Development")
            .UseWebRoot(root)
            .UseUrls("http://127.0.0.1:0")
            .UseSetting("ConnectionStrings:platform", _postgres.ConnectionString)
            .UseSetting("ConnectionStrings:redis", _redis.ConnectionString)
            .UseSetting("Artifacts:Path", Path.Combine(_data.FullName, "artifacts"))
            .UseSetting("Sites:BaseUrl", "http://apps.localhost:8080")
            .UseSetting("Spa:ApiBaseUrl", "http://localhost:8081")
            .ConfigureTestServices(services => services
                .AddSingleton<IDomainResolver>(Resolver)
                // A busy machine is no outage: limits are counted by Redis, however long it takes.
                .AddSingleton(provider => new RedisGate(
                    provider.GetRequiredService<IConnectionMultiplexer>(), TimeProvider.System, NullLogger<RedisGate>.Instance, TimeSpan.FromMinutes(1)))));
        _factory.UseKestrel();
        _factory.StartServer();
    }

    public async Task<PublishedFixture> PublishAsync(params (string Path, string Content)[] files)
    {
        var id = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        var slug = $"s{id.ToString("N")[12..]}";
        await using var db = _postgres.CreateContext();
        db.Add(new PlatformUser { Id = id, Name = "Test", Email = $"{id:N}@example.test", UserName = $"{id:N}@example.test", CreatedAt = now, UpdatedAt = now });
        db.Add(new Project { Id = id, OwnerId = id, UserId = id, Name = "site", Slug = slug, Repository = "sample:site", CreatedAt = now, UpdatedAt = now });
        await db.SaveChangesAsync();
        return await PublishAgainAsync(new PublishedFixture(id, Guid.Empty, slug), files);
    }

    public Task<PublishedFixture> PublishAgainAsync(PublishedFixture site, params (string Path, string Content)[] files) => PublishAgainAsync(site, false, files);

    /// <summary>A success of another branch, or of a fork's pull request, that production knows nothing of.</summary>
    public async Task<Guid> PreviewAsync(PublishedFixture site, string branch, string content, int? fork = null)
    {
        var store = Services.GetRequiredService<IArtifactStore>();
        var manifest = new Dictionary<string, SiteFile> { ["index.html"] = await StoreAsync(store, "index.html", Encoding.UTF8.GetBytes(content)) };
        var now = TimeProvider.System.GetUtcNow();
        await using var db = _postgres.CreateContext();
        var deployment = new Deployment
        {
            Id = Guid.CreateVersion7(),
            OwnerId = site.ProjectId,
            UserId = site.ProjectId,
            ProjectId = site.ProjectId,
            Branch = branch,
            Environment = DeploymentTrust.Preview,
            PullRequest = fork,
            Approval = fork is null ? null : DeploymentApproval.Approved,
            Status = DeploymentStatus.Success,
            Manifest = SiteManifestJson.Write(new SiteManifest(manifest, false)),
            CreatedAt = now,
            CompletedAt = now,
        };
        db.Add(deployment);
        await db.SaveChangesAsync();
        await BranchAliases.KeepAsync(db, deployment.Id, now, CancellationToken.None);
        await AnnounceAsync(site);
        return deployment.Id;
    }

    public Task AnnounceAsync(PublishedFixture site) => Services.GetRequiredService<IEventBus>().PublishAsync(Topics.Sites, new SiteChanged(site.Slug), CancellationToken.None);

    public async Task<PublishedFixture> PublishAgainAsync(PublishedFixture site, bool spaFallback, params (string Path, string Content)[] files)
    {
        var store = Services.GetRequiredService<IArtifactStore>();
        var manifest = new Dictionary<string, SiteFile>();
        foreach (var (path, content) in files) manifest[path] = await StoreAsync(store, path, Encoding.UTF8.GetBytes(content));
        await using var db = _postgres.CreateContext();
        var deployment = new Deployment
        {
            Id = Guid.CreateVersion7(),
            OwnerId = site.ProjectId,
            UserId = site.ProjectId,
            ProjectId = site.ProjectId,
            Branch = "main",
            Status = DeploymentStatus.Success,
            Manifest = SiteManifestJson.Write(new SiteManifest(manifest, spaFallback)),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            CompletedAt = TimeProvider.System.GetUtcNow(),
        };
        db.Add(deployment);
        await db.SaveChangesAsync();
        (await Services.GetRequiredService<SiteProduction>().PromoteAsync(site.ProjectId, deployment.Id, null, CancellationToken.None)).ShouldNotBeNull();
        return site with { DeploymentId = deployment.Id };
    }

    public async Task DisposeAsync()
    {
        await _factory!.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _factory?.Dispose();
        _data.Delete(recursive: true);
    }

    protected virtual IWebHostBuilder Configure(IWebHostBuilder builder) => builder;

    private static async Task<SiteFile> StoreAsync(IArtifactStore store, string path, byte[] content)
    {
        var sha256 = await store.PutAsync(new MemoryStream(content), CancellationToken.None);
        var encodings = new Dictionary<string, long>();
        if (content.Length > 1024)
        {
            foreach (var encoding in new[] { "br", "gz" })
            {
                using var compressed = new MemoryStream();
                await using (Stream compressor = encoding == "br" ? new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
                    await compressor.WriteAsync(content);
                encodings[encoding] = compressed.Length;
                compressed.Position = 0;
                await store.PutDerivedAsync($"{sha256}.{encoding}", compressed, CancellationToken.None);
            }
        }

        var type = Path.GetExtension(path) switch { ".html" => "text/html; charset=utf-8", ".js" => "text/javascript; charset=utf-8", _ => "application/octet-stream" };
        return new SiteFile(sha256, content.Length, type, encodings);
    }
}

/// <summary>A domain name system of a few names.</summary>
public sealed class FakeResolver : IDomainResolver
{
    public ConcurrentDictionary<string, string> Texts { get; } = new();

    public ConcurrentDictionary<string, string> Aliases { get; } = new();

    public Task<IReadOnlyList<string>> FindTextsAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(Texts.TryGetValue(name, out var text) ? ["something else", text] : []);

    public Task<string?> FindAliasAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Aliases.GetValueOrDefault(name));
}
