using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.GitHub;

namespace Platform.BuildWorker.Tests.Sources;

/// <summary>Private repositories, submodules and uploads.</summary>
[Trait("Category", "Integration")]
public sealed class SourceTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private const string Secret = "gho_0123456789abcdefTOKEN";
    private readonly TemporaryDirectory _certificates = new();

    [Fact]
    public async Task Private_repository_is_opened_by_the_users_token_which_nobody_else_sees()
    {
        Repository.Write("index.html", "private");
        Repository.Commit("Start");
        await using var server = await GitServer.StartAsync(Repository.Root, Secret, _certificates);
        await RestartAsync(("Sources:GitHubHost", server.Host), ("Build:CaBundle", server.CaBundle));

        var without = await DeployAsync(server.Url, token: null);
        var wrong = await DeployAsync(server.Url, "gho_wrong-token-000");
        var right = await DeployAsync(server.Url, Secret);

        without.ErrorCode.ShouldBe(FailureCode.RepositoryAccessDenied, without.ErrorMessage);
        wrong.ErrorCode.ShouldBe(FailureCode.RepositoryAccessDenied, wrong.ErrorMessage);
        right.Status.ShouldBe(DeploymentStatus.Success, right.ErrorMessage);
        server.Authorised.ShouldBeGreaterThan(0);
        server.Leaks.ShouldBeEmpty();
        (await LinesAsync(right.Id)).ShouldAllBe(line => !line.Contains(Secret, StringComparison.Ordinal));
        Fixture.FilesContaining(Secret).ShouldBeEmpty();
    }

    [Fact]
    public async Task Token_is_not_offered_to_another_host()
    {
        Repository.Write("index.html", "x");
        Repository.Commit("Start");
        await using var server = await GitServer.StartAsync(Repository.Root, Secret, _certificates);
        await RestartAsync(("Sources:GitHubHost", "github.com"), ("Build:CaBundle", server.CaBundle));

        (await DeployAsync(server.Url, Secret)).ErrorCode.ShouldBe(FailureCode.RepositoryAccessDenied);
        server.Authorised.ShouldBe(0);
    }

    [Fact]
    public async Task Submodules_come_only_when_they_are_asked_for()
    {
        using var library = new GitRepository();
        library.Write("theme.css", "body {}");
        library.Commit("Theme");
        Repository.Write("index.html", "x");
        Repository.AddSubmodule(library.Url, "theme");
        Repository.Commit("Use the theme");

        var without = await BuildAsync();
        var with = await BuildAsync(row => row.Submodules = true);

        FilesOf(without).ShouldBe(["index.html"]);
        FilesOf(with).ShouldBe(["index.html", "theme/theme.css"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_earlier_commit_is_built_when_it_is_asked_for()
    {
        Repository.Write("index.html", "old");
        Repository.Commit("Old");
        var commit = (await BuildAsync()).CommitHash;
        Repository.Write("later.html", "new");
        Repository.Commit("New");

        var earlier = await BuildAsync(row => row.RequestedCommit = commit);
        var gone = await BuildAsync(row => row.RequestedCommit = new string('a', 40));

        FilesOf(earlier).ShouldBe(["index.html"]);
        earlier.CommitHash.ShouldBe(commit);
        gone.ErrorCode.ShouldBe(FailureCode.CloneFailed);
        gone.ErrorMessage.ShouldNotBeNull().ShouldContain("does not hand out");
    }

    [Fact]
    public async Task Submodule_of_a_forbidden_kind_is_refused()
    {
        Repository.Write("index.html", "x");
        Repository.Write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c touch% /tmp/x\n");
        Repository.Commit("Trick");

        (await BuildAsync(row => row.Submodules = true)).ErrorCode.ShouldBe(FailureCode.SourceRefused);
    }

    [Fact]
    public async Task Uploaded_archive_is_deployed_for_its_owner_only()
    {
        var archives = Services.GetRequiredService<ISourceArchives>();
        var owner = Guid.CreateVersion7();
        var id = await archives.PutAsync(owner, Zip("index.html"), CancellationToken.None);
        var source = RepositorySource.OfArchive(id).Canonical;

        var own = await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, source, configure: row => row.OwnerId = owner));
        var foreign = await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, source));

        own.Status.ShouldBe(DeploymentStatus.Success, own.ErrorMessage);
        foreign.ErrorCode.ShouldBe(FailureCode.CloneFailed);
    }

    [Fact]
    public async Task Hostile_archive_is_refused_with_its_class()
    {
        var archives = Services.GetRequiredService<ISourceArchives>();
        var owner = Guid.CreateVersion7();
        var id = await archives.PutAsync(owner, Zip("../../outside"), CancellationToken.None);

        var deployment = await Fixture.WaitForEndAsync(
            await Fixture.PlaceAsync(Services, RepositorySource.OfArchive(id).Canonical, configure: row => row.OwnerId = owner));

        deployment.ErrorCode.ShouldBe(FailureCode.ArchiveRefused);
        deployment.ErrorHint.ShouldNotBeNullOrEmpty();
        await ShouldLeaveNothingAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _certificates.Dispose();
        base.Dispose(disposing);
    }

    private static IEnumerable<string> FilesOf(Deployment deployment)
    {
        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        return SiteManifestJson.Read(deployment.Manifest!).Files.Keys;
    }

    private static MemoryStream Zip(string name)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var content = zip.CreateEntry(name).Open();
            content.Write(Encoding.UTF8.GetBytes("<h1>uploaded</h1>"));
        }

        stream.Position = 0;
        return stream;
    }

    private async Task<Deployment> DeployAsync(string url, string? token)
    {
        var id = await Fixture.PlaceAsync(Services, url, also: (db, user) =>
        {
            if (token is null) return;
            db.GitHubConnections.Add(new GitHubConnection
            {
                Id = Guid.CreateVersion7(),
                UserId = user,
                GitHubAccessToken = Services.GetRequiredService<GitHubTokens>().Protect(token),
                ConnectedAt = TimeProvider.System.GetUtcNow(),
            });
        });
        return await Fixture.WaitForEndAsync(id);
    }
}
