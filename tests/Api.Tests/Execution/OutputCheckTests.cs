using System.Text;
using Platform.Api.Execution;
using Platform.Api.Execution.Judging;

namespace Platform.Api.Tests.Execution;

public sealed class OutputCheckTests
{
    [Theory]
    [InlineData("Exact", "a\n", "a\n", true)]
    [InlineData("Exact", "a\n", "a", false)]
    [InlineData("Trimmed", "a  \nb\r\n\n\n", "a\nb", true)]
    [InlineData("Trimmed", "  a", "a", false)]
    [InlineData("Trimmed", "a\n\nb", "a\nb", false)]
    [InlineData("Trimmed", "", "\n\n", true)]
    [InlineData("Tokens", " a\t\tb\n c", "a b c", true)]
    [InlineData("Tokens", "ab c", "a b c", false)]
    [InlineData("Float", "3.1415926 ok", "3.1415927 ok", true)]
    [InlineData("Float", "3.15 ok", "3.14 ok", false)]
    [InlineData("Float", "1e3", "1000", true)]
    [InlineData("Float", "inf nan -Infinity", "Infinity NaN -inf", true)]
    [InlineData("Float", "inf", "1e308", false)]
    [InlineData("Float", "1 2", "1", false)]
    [InlineData("Float", "nan", "1", false)]
    [InlineData("Unordered", "b\na \nb\n", "a\nb\nb", true)]
    [InlineData("Unordered", "a\nb", "a\nb\nb", false)]
    public void Outputs_are_compared(string checker, string actual, string expected, bool passes) =>
        OutputCheck.Passes(Enum.Parse<OutputChecker>(checker), Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(expected), null).ShouldBe(passes);

    [Theory]
    [InlineData("100", "101", 1.0, null, true)]
    [InlineData("100", "101.5", 1.0, null, false)]
    [InlineData("100", "101", null, 0.01, true)]
    [InlineData("0", "0.5", null, 0.01, false)]
    [InlineData("1.0000001", "1", 0.0, null, false)]
    public void Numbers_are_right_within_their_tolerance(string actual, string expected, double? absolute, double? relative, bool passes) =>
        OutputCheck.Passes(OutputChecker.Float, Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(expected), new FloatToleranceRequest(absolute, relative))
            .ShouldBe(passes);

    [Fact]
    public void Bytes_that_are_no_text_are_compared_as_they_are()
    {
        OutputCheck.Passes(OutputChecker.Trimmed, [0xff, 0x00, 0x20, 0x0a], [0xff, 0x00], null).ShouldBeTrue();
        OutputCheck.Passes(OutputChecker.Trimmed, [0xff], [0xfe], null).ShouldBeFalse();
    }
}
