using Platform.Api.Execution;

namespace Platform.Api.Tests.Execution;

public sealed class RunOutputTests
{
    [Fact]
    public void Text_that_came_in_pieces_of_characters_is_whole()
    {
        var output = new RunOutput(100);
        foreach (var value in "ä😀\0"u8.ToArray()) output.Append([value]);

        output.Read(cut: false).ShouldBe(("ä😀\0", "utf8"));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("eda080")]
    [InlineData("41f09f")]
    public void Bytes_that_are_no_text_come_in_base64(string hex)
    {
        var output = new RunOutput(100);
        output.Append(Convert.FromHexString(hex));

        var (text, encoding) = output.Read(cut: false);

        encoding.ShouldBe("base64");
        Convert.FromBase64String(text).ShouldBe(Convert.FromHexString(hex));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_character_that_the_limit_cut_in_two_is_left_out(int kept)
    {
        var output = new RunOutput(1 + kept);
        output.Append("a😀"u8);

        output.Truncated.ShouldBeTrue();
        output.Read(cut: false).ShouldBe(("a", "utf8"));
    }

    [Fact]
    public void A_whole_character_at_the_limit_stays()
    {
        var output = new RunOutput(5);
        output.Append("a😀b"u8);

        output.Read(cut: false).ShouldBe(("a😀", "utf8"));
    }

    [Fact]
    public void What_is_shortened_is_cut_between_characters()
    {
        var output = new RunOutput(10);
        output.Append("abä"u8);

        output.Shorten(3);

        output.Truncated.ShouldBeTrue();
        output.Read(cut: false).ShouldBe(("ab", "utf8"));
    }
}
