using System.Formats.Tar;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Sources;

namespace Platform.BuildWorker.Tests.Sources;

public sealed class SourceTreeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("folder/../../../outside")]
    [InlineData("folder/..")]
    public void Link_that_could_leave_the_tree_is_refused(string target)
    {
        _directory.Write("folder/file", "x");
        _directory.Link("link", target);

        Should.Throw<BuildFailureException>(() => new SourceTree(_directory.Path).Check(1024)).Code.ShouldBe(FailureCode.SourceRefused);
    }

    [Theory]
    [InlineData("folder/file")]
    [InlineData("./folder")]
    public void Link_inside_the_tree_is_accepted(string target)
    {
        _directory.Write("folder/file", "x");
        _directory.Link("link", target);
        _directory.Link("folder/up", "../folder/file");

        new SourceTree(_directory.Path).Check(1024).ShouldBe(1);
    }

    [Fact]
    public void Tree_over_the_limit_is_refused()
    {
        _directory.Write("large", new string('x', 2000));

        Should.Throw<BuildFailureException>(() => new SourceTree(_directory.Path).Check(1024));
    }

    [Fact]
    public void Root_directory_must_exist_and_be_no_link()
    {
        _directory.Write("apps/web/index.html", "x");
        _directory.Link("web", "apps/web");
        var tree = new SourceTree(_directory.Path);

        tree.Enter("apps/web").ShouldEndWith("apps/web");
        Should.Throw<BuildFailureException>(() => tree.Enter("missing"));
        Should.Throw<BuildFailureException>(() => tree.Enter("web"));
    }

    [Fact]
    public async Task Archive_belongs_to_the_user_of_the_build()
    {
        _directory.Write("a/file.txt", "content");
        _directory.Link("link", "a/file.txt");
        using var archive = new MemoryStream();
        await new SourceTree(_directory.Path).WriteTarAsync(archive, CancellationToken.None);
        archive.Position = 0;
        var reader = new TarReader(archive);
        var entries = new List<TarEntry>();
        while (await reader.GetNextEntryAsync() is { } entry) entries.Add(entry);

        entries.Select(entry => entry.Name).Order(StringComparer.Ordinal).ShouldBe(["a", "a/file.txt", "link"]);
        entries.ShouldAllBe(entry => entry.Uid == 1000 && entry.Gid == 1000);
        entries.Single(entry => entry.Name == "link").LinkName.ShouldBe("a/file.txt");
    }

    public void Dispose() => _directory.Dispose();
}
