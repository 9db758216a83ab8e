using Platform.ServiceDefaults.Configuration;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("NAME=value", "value")]
    [InlineData("  NAME = value  ", "value")]
    [InlineData("export NAME=value", "value")]
    [InlineData("NAME=value # a comment", "value")]
    [InlineData("NAME=a#b", "a#b")]
    [InlineData("NAME=\"two words # kept\" # a comment", "two words # kept")]
    [InlineData("NAME='single $quoted'", "single $quoted")]
    [InlineData("NAME=a=b", "a=b")]
    [InlineData("NAME=", "")]
    public void A_line_sets_a_value(string line, string expected) => DotEnvFile.Parse([line])["NAME"].ShouldBe(expected);

    [Fact]
    public void Comments_and_nonsense_are_passed_over() => DotEnvFile.Parse(["# NAME=x", "", "nonsense", "=x"]).ShouldBeEmpty();

    [Fact]
    public void Two_underscores_part_a_key() => DotEnvFile.Parse(["Auth__JwtSecret=x"])["Auth:JwtSecret"].ShouldBe("x");
}
