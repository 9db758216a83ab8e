using System.Text;
using Platform.BuildWorker.Logs;
using Platform.Core.Deployments.Logs;

namespace Platform.BuildWorker.Tests.Logs;

public sealed class LineAssemblerTests
{
    private const string Secret = "s3cr3t-token-value";
    private static readonly Dictionary<string, string> Environment = new() { ["TOKEN"] = Secret, ["SHORT"] = "abc" };

    [Fact]
    public void Secret_is_masked_wherever_the_output_is_split()
    {
        var text = Encoding.UTF8.GetBytes($"before {Secret} after — ü\nnext\n");
        for (var cut = 1; cut < text.Length; cut++)
        {
            var lines = Assemble(text[..cut], text[cut..]);

            lines.ShouldBe([$"before {SecretMasker.Mask} after — ü", "next"], $"cut at {cut}");
        }
    }

    [Fact]
    public void Every_single_byte_may_come_alone() =>
        Assemble([.. Encoding.UTF8.GetBytes($"a {Secret} 😀\n").Select(value => new[] { value })]).ShouldBe([$"a {SecretMasker.Mask} 😀"]);

    [Fact]
    public void Encoded_forms_and_credentials_in_addresses_are_masked()
    {
        var masker = new SecretMasker(new Dictionary<string, string> { ["KEY"] = "pass word/1+2" });

        masker.Apply("https://x/?k=pass%20word%2F1%2B2").ShouldNotContain("word");
        masker.Apply(Convert.ToBase64String(Encoding.UTF8.GetBytes("pass word/1+2"))).ShouldBe(SecretMasker.Mask);
        masker.Apply("fetching https://user:pw@host/path").ShouldBe($"fetching https://{SecretMasker.Mask}@host/path");
        masker.Apply("see https://host/@scope").ShouldBe("see https://host/@scope");
    }

    [Fact]
    public void Each_line_of_a_multiline_secret_is_masked()
    {
        var masker = new SecretMasker(new Dictionary<string, string> { ["KEY"] = "-----BEGIN-----\nfirst-half\nsecond-half" });

        masker.Apply("x first-half y second-half").ShouldBe($"x {SecretMasker.Mask} y {SecretMasker.Mask}");
    }

    [Fact]
    public void Short_and_commonplace_values_stay() =>
        new SecretMasker(new Dictionary<string, string> { ["A"] = "abc", ["NODE_ENV"] = "production" }).Apply("abc for production").ShouldBe("abc for production");

    [Fact]
    public void Progress_lines_keep_what_a_terminal_would_show() =>
        Assemble(Encoding.UTF8.GetBytes("10%\r50%\r100%\r\ndone\n")).ShouldBe(["100%", "done"]);

    [Fact]
    public void What_the_database_cannot_store_is_replaced_and_colours_stay() =>
        Assemble(Encoding.UTF8.GetBytes("a\0b\a \e[31mred\e[0m\n")).ShouldBe(["a\uFFFDb\uFFFD \e[31mred\e[0m"]);

    [Fact]
    public void Long_line_is_cut_and_never_shows_a_part_of_a_secret()
    {
        for (var shift = 0; shift <= Secret.Length; shift++)
        {
            // The secrets make the buffer end in the middle of one.
            var text = new string('x', shift) + string.Concat(Enumerable.Repeat(Secret, 10_000)) + "\nnext\n";

            var lines = Assemble(Encoding.UTF8.GetBytes(text));

            lines.Count.ShouldBe(2);
            lines[0].ShouldNotContain("s3cr3t");
            lines[0].ShouldNotContain(Secret[..4]);
            lines[0].Length.ShouldBeLessThan(LineAssembler.MaxLine + 50);
            lines[1].ShouldBe("next");
        }
    }

    private static List<string> Assemble(params byte[][] pieces)
    {
        var assembler = new LineAssembler(new SecretMasker(Environment));
        List<string> lines = [.. pieces.SelectMany(piece => assembler.Add(piece))];
        if (assembler.Complete() is { } rest) lines.Add(rest);
        return lines;
    }
}
