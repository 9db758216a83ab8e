using System.Net;
using Platform.Core.Deployments;

namespace Platform.Core.Tests.Deployments;

public sealed class RepositorySourceTests
{
    [Theory]
    [InlineData("https://GitHub.com/Owner/Name.git", "https://github.com/Owner/Name", "Owner/Name")]
    [InlineData("https://github.com/owner/name/", "https://github.com/owner/name", "owner/name")]
    [InlineData("https://git.example.com:8443/group/sub/name", "https://git.example.com:8443/group/sub/name", "group/sub/name")]
    [InlineData("https://[::1]/a/b", "https://[::1]/a/b", "a/b")]
    [InlineData("sample:plain-html", "sample:plain-html", "plain-html")]
    public void Accepted_sources_have_one_form(string text, string canonical, string display)
    {
        RepositorySource.TryParse(text, allowFiles: false, out var source, out var problem).ShouldBeTrue(problem);

        source!.Canonical.ShouldBe(canonical);
        source.Display.ShouldBe(display);
        // What is stored is read again by the worker.
        RepositorySource.TryParse(source.Canonical, allowFiles: false, out var again, out _).ShouldBeTrue();
        again.ShouldBe(source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("owner/name")]
    [InlineData("https://github.com/")]
    [InlineData("https://u:p@github.com/a/b")]
    [InlineData("https://github.com/a/b?x=1")]
    [InlineData("http://github.com/a/b")]
    [InlineData("ssh://git@github.com/a/b")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("--upload-pack=x")]
    [InlineData("https://github.com/-a/b")]
    [InlineData("sample:../x")]
    [InlineData("file:///srv/a.git")]
    public void Other_sources_are_refused_with_a_reason(string text)
    {
        RepositorySource.TryParse(text, allowFiles: false, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("main", true)]
    [InlineData("feature/a-b_c.d", true)]
    [InlineData("-main", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a~1", false)]
    [InlineData("refs/heads/x.lock", false)]
    [InlineData(".hidden", false)]
    [InlineData("a//b", false)]
    [InlineData("x@{1}", false)]
    [InlineData("HEAD", false)]
    public void Branch_names_follow_git(string name, bool valid) => BranchName.IsValid(name).ShouldBe(valid);

    [Theory]
    [InlineData(null, "")]
    [InlineData("./a//b/", "a/b")]
    [InlineData("../a", null)]
    [InlineData("a/../../b", null)]
    [InlineData("/etc", null)]
    [InlineData("a/.GIT/hooks", null)]
    [InlineData("a\\b", null)]
    public void Directories_stay_inside(string? path, string? expected)
    {
        RelativePath.TryNormalize(path, out var normalized).ShouldBe(expected is not null);
        normalized.ShouldBe(expected);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    public void Private_and_reserved_addresses_are_told_apart(string address, bool isPublic) =>
        PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);
}
