using Platform.Api.GitHub.Webhooks;

namespace Platform.Api.Tests.GitHub;

public sealed class PushRulesTests
{
    [Theory]
    [InlineData("apps/web/**", "apps/web/src/a.ts", true)]
    [InlineData("/apps/web/**", "apps/web/src/a.ts", true)]
    [InlineData("./apps/web", "apps/web/src/a.ts", true)]
    [InlineData("apps/web/", "apps/web/a", true)]
    [InlineData("apps/web", "apps/website/a", false)]
    [InlineData("**/*.md", "docs/deep/a.md", true)]
    [InlineData("*.md", "docs/a.md", false)]
    [InlineData("package.json", "package.json", true)]
    [InlineData("Apps/web", "apps/web/a", false)]
    [InlineData("!docs", "docs/a.md", false)]
    [InlineData("!docs", "src/a.ts", true)]
    [InlineData("src", "ünï/cödé", false)]
    [InlineData("ünï", "ünï/cödé", true)]
    public void Watched_paths_are_found(string pattern, string file, bool expected) => PushRules.Touches([pattern], [file]).ShouldBe(expected);

    [Fact]
    public void What_is_taken_out_does_not_count()
    {
        PushRules.Touches(["apps/**", "!apps/docs/**"], ["apps/docs/a.md"]).ShouldBeFalse();
        PushRules.Touches(["apps/**", "!apps/docs/**"], ["apps/docs/a.md", "apps/web/a.ts"]).ShouldBeTrue();
        PushRules.Touches([], ["anything"]).ShouldBeTrue();
        PushRules.Touches(["/", " "], ["anything"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Fix [skip ci]", true)]
    [InlineData("[CI SKIP] fix", true)]
    [InlineData("fix\n\n[skip deploy]", true)]
    [InlineData("fix [No CI]", true)]
    [InlineData("fix [skip actions]", true)]
    [InlineData("fix [actions skip]", true)]
    [InlineData("fix\n\n\nskip-checks:true", true)]
    [InlineData("fix\n\nSigned-off-by: Ada\nskip-checks: true\r\n", true)]
    [InlineData("fix\n\nskip-checks: true\nmore", false)]
    [InlineData("skip-checks: true", false)]
    [InlineData("skip ci", false)]
    [InlineData(null, false)]
    public void Messages_can_ask_to_skip(string? message, bool expected) => PushRules.IsSkipped(message).ShouldBe(expected);

    [Fact]
    public void A_signature_belongs_to_its_body_and_secret()
    {
        byte[] body = [1, 2, 3];
        var right = GitHubFixture.Sign(body, "secret");
        WebhookSignature.IsValid(right, body, "secret").ShouldBeTrue();
        WebhookSignature.IsValid(right, [1, 2, 4], "secret").ShouldBeFalse();
        WebhookSignature.IsValid(right, body, "other").ShouldBeFalse();
        foreach (var wrong in new[] { null, "", "sha256=", right[..^1], right + "0", right.Replace("sha256=", "sha1=", StringComparison.Ordinal), "sha256=" + new string('g', 64) })
            WebhookSignature.IsValid(wrong, body, "secret").ShouldBeFalse(wrong);
    }
}
