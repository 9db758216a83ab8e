using Platform.Api.Deployments;

namespace Platform.Api.Tests.Deployments;

public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain [32m text", "plain [32m text")]
    [InlineData("\e[1;32mgreen\e[0m", "green")]
    [InlineData("\e[38:2::1:2:3mcolon\e[m", "colon")]
    [InlineData("\e[2K\e[1Gdone \e[?25hnow", "done now")]
    [InlineData("\e]8;;https://example.com\e\\link\e]8;;\e\\ end", "link end")]
    [InlineData("\e]0;title\abody", "body")]
    [InlineData("\e(Bascii\e7\e8", "ascii")]
    [InlineData("cut \e[3", "cut ")]
    [InlineData("cut \e]8;;never ends", "cut ")]
    [InlineData("cut \e", "cut ")]
    [InlineData("\e[31m\e[31m\e[0mgrün ✓\e[0m", "grün ✓")]
    public void Only_what_is_to_be_read_stays(string text, string expected) => AnsiText.Strip(text).ShouldBe(expected);
}
