using Platform.Api.Piston;

namespace Platform.Api.Tests.Piston;

public sealed class SemverRangeTests
{
    [Theory]
    [InlineData("*", "3.11.2", true)]
    [InlineData("", "3.11.2", true)]
    [InlineData("x", "3.11.2", true)]
    [InlineData("3.11.2", "3.11.2", true)]
    [InlineData("v3.11.2", "3.11.2", true)]
    [InlineData("=3.11.2", "3.11.2", true)]
    [InlineData("3.11.1", "3.11.2", false)]
    [InlineData("3", "3.11.2", true)]
    [InlineData("3.x", "3.11.2", true)]
    [InlineData("3.11.*", "3.11.2", true)]
    [InlineData("3.1", "3.11.2", false)]
    [InlineData("^3.2.1", "3.11.2", true)]
    [InlineData("^3.12.0", "3.11.2", false)]
    [InlineData("^2", "3.11.2", false)]
    [InlineData("^0.2.3", "0.2.9", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("^0.0.3", "0.0.4", false)]
    [InlineData("~3.11.0", "3.11.2", true)]
    [InlineData("~3.10", "3.11.2", false)]
    [InlineData("~3", "3.11.2", true)]
    [InlineData(">=3.11", "3.11.2", true)]
    [InlineData(">= 3.11 < 3.12", "3.11.2", true)]
    [InlineData(">3.11", "3.11.2", false)]
    [InlineData(">3.11.1", "3.11.2", true)]
    [InlineData("<3.11.2", "3.11.2", false)]
    [InlineData("<=3.11", "3.11.2", true)]
    [InlineData("3.0 - 3.11", "3.11.2", true)]
    [InlineData("3.0.0 - 3.10.9", "3.11.2", false)]
    [InlineData("1.x || 3.x", "3.11.2", true)]
    [InlineData("1.x || 2.x", "3.11.2", false)]
    [InlineData("latest", "3.11.2", false)]
    [InlineData("3.11.2.1", "3.11.2", false)]
    [InlineData("3..2", "3.11.2", false)]
    [InlineData("99999999999999999999", "3.11.2", false)]
    [InlineData(">*", "3.11.2", false)]
    [InlineData("*", "3.11", false)]
    public void Selectors_select_as_they_do_for_npm(string range, string version, bool contains) => SemverRange.Contains(range, version).ShouldBe(contains);

    [Fact]
    public void Long_nonsense_is_refused() => SemverRange.Contains(string.Concat(Enumerable.Repeat("* || ", 1000)), "1.0.0").ShouldBeFalse();
}
