using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Tests.Processes;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Output_is_split_into_lines_and_the_last_needs_no_end() =>
        (await ReadAsync("one\r\ntwo\n\nthree")).ShouldBe(["one", "two", "", "three"]);

    [Fact]
    public async Task A_line_without_end_is_cut()
    {
        var lines = await ReadAsync(new string('x', (2 * LineReader.LongestLine) + 5));

        lines.Select(line => line.Length).ShouldBe([LineReader.LongestLine, LineReader.LongestLine, 5]);
    }

    private static async Task<List<string>> ReadAsync(string text)
    {
        var lines = new List<string>();
        await LineReader.CopyAsync(new StringReader(text), lines.Add);
        return lines;
    }
}
