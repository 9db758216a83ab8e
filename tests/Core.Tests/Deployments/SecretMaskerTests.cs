using System.Text;
using System.Text.Json;
using Platform.Core.Deployments.Logs;

namespace Platform.Core.Tests.Deployments;

public sealed class SecretMaskerTests
{
    private const string Secret = "p4ss wörd/1+2\"\\&x";

    private static readonly SecretMasker Masker = new(new Dictionary<string, string> { ["KEY"] = Secret, ["TOKEN"] = "abcdefgh12345678" });

    public static TheoryData<string, string> Encodings => new()
    {
        { "as it is", Secret },
        { "JSON", JsonSerializer.Serialize(Secret) },
        { "JSON of JavaScript", "\"p4ss wörd/1+2\\\"\\\\&x\"" },
        { "encodeURIComponent", "p4ss%20w%C3%B6rd%2F1%2B2%22%5C%26x" },
        { "encodeURIComponent in small letters", "p4ss%20w%c3%b6rd%2f1%2b2%22%5c%26x" },
        { "encodeURI", "p4ss%20w%C3%B6rd/1+2%22%5C&x" },
        { "a form", "p4ss+w%C3%B6rd%2F1%2B2%22%5C%26x" },
        { "hexadecimal", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)) },
        { "base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)) },
        { "base64 without padding", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=') },
        { "base64 for addresses", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=').Replace('+', '-').Replace('/', '_') },
    };

    [Theory]
    [InlineData("PIN hunter2", "PIN •")]
    [InlineData("user:hunter2@host, hunter2", "user:•@host, •")]
    [InlineData("pass='a-b1'", "pass='•'")]
    [InlineData("hunter21 and my_hunter2 stay", "hunter21 and my_hunter2 stay")]
    [InlineData("the build of v1 is true", "the build of v1 is true")]
    [InlineData("hun\u001b[31mter2", "•\u001b[31m")]
    public void Short_value_is_masked_where_it_stands_alone(string line, string masked)
    {
        var masker = new SecretMasker(new Dictionary<string, string> { ["PASS"] = "hunter2", ["OTHER"] = "a-b1", ["STAGE"] = "build", ["ON"] = "true", ["N"] = "v1" });

        masker.Apply(line).ShouldBe(masked.Replace("•", SecretMasker.Mask, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_usual_form_is_masked_whole(string form, string text)
    {
        var masked = Masker.Apply($"before {text} after");

        masked.Replace("\"", "", StringComparison.Ordinal).ShouldBe($"before {SecretMasker.Mask} after", form);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("us")]
    [InlineData("user:")]
    [InlineData("x-access-token:")]
    public void Base64_is_masked_wherever_in_the_text_the_secret_begins(string before)
    {
        foreach (var after in new[] { "", "@", "@h", "@host" })
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "abcdefgh12345678" + after));

            var masked = Masker.Apply($"Authorization: Basic {text}");

            masked.ShouldContain(SecretMasker.Mask);
            // What is left of it tells at most a part of one letter at each end.
            var left = masked["Authorization: Basic ".Length..].Split(SecretMasker.Mask);
            Decode(left[0]).ShouldNotContain("abcd");
            left.Sum(part => part.Length).ShouldBeLessThanOrEqualTo(text.Length - 20);
        }
    }

    [Theory]
    [InlineData("abcd\e[31mefgh\e[0m12345678", "••••••\e[31m\e[0m")]
    [InlineData("\e[1mabcdefgh12345678\e[0m", "\e[1m••••••\e[0m")]
    [InlineData("\e]8;;https://user:pw@host/\e\\link\e]8;;\e\\", "\e]8;;https://••••••@host/\e\\link\e]8;;\e\\")]
    [InlineData("https://us\e[4mer:p\e[0mw@host/", "https://••••••\e[4m\e[0m@host/")]
    [InlineData("a\e[2Kbcdefgh1234567\e(B8", "••••••\e[2K\e(B")]
    [InlineData("\e[32mplain\e[0m \e", "\e[32mplain\e[0m \e")]
    public void Colours_hide_no_secret_and_stay(string line, string expected) => Masker.Apply(line).ShouldBe(expected);

    [Theory]
    [InlineData("git clone https://user:p@ss:word@host/x.git", "git clone https://••••••@host/x.git")]
    [InlineData("postgres://app:hunter2@db:5432/app and redis://:pw@cache", "postgres://••••••@db:5432/app and redis://••••••@cache")]
    [InlineData("https://ghs_abc@github.com/a/b", "https://••••••@github.com/a/b")]
    [InlineData("see https://host/@scope and https://host?mail=a@b.c", "see https://host/@scope and https://host?mail=a@b.c")]
    public void Credentials_in_addresses_are_masked(string line, string expected) => Masker.Apply(line).ShouldBe(expected);

    [Theory]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("github_pat_11ABCDEFG0123456789_abcdefghijklmnopqrstuvwxyz")]
    [InlineData("npm_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("glpat-0123456789abcdefghij")]
    [InlineData("xoxb-0123456789-abcdefghij")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("sk_live_0123456789abcdefghijkl")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U")]
    public void Tokens_of_known_services_are_masked_whoever_brought_them(string token)
    {
        Masker.Apply($"token={token};").ShouldBe($"token={SecretMasker.Mask};");
        Masker.Apply($"token={token[..5]}\e[0m{token[5..]}").ShouldBe($"token={SecretMasker.Mask}\e[0m");
    }

    [Theory]
    [InlineData("rendering task-list-of-a-very-long-component-name-in-a-page.js")]
    [InlineData("npm_config_registry npm_lifecycle_event_of_a_long_name")]
    [InlineData("building for production in development mode")]
    [InlineData("eyJ is how base64 of JSON begins")]
    public void Ordinary_lines_stay(string line) => Masker.Apply(line).ShouldBe(line);

    [Fact]
    public void Secrets_that_overlap_or_contain_each_other_leave_nothing()
    {
        var masker = new SecretMasker(new Dictionary<string, string> { ["A"] = "12345678abcd", ["B"] = "abcdefghij", ["C"] = "5678abcdef" });

        masker.Apply("x 12345678abcdefghij y").ShouldBe($"x {SecretMasker.Mask} y");
        masker.Apply("x 12345678abcd12345678abcd y").ShouldNotContain("1");
    }

    [Fact]
    public void Value_of_several_lines_is_masked_in_one_line_too()
    {
        var masker = new SecretMasker(new Dictionary<string, string> { ["PEM"] = "-----BEGIN-----\nab\ncd\n-----END-----" });

        masker.Apply("key \"-----BEGIN-----\\nab\\ncd\\n-----END-----\"").ShouldBe($"key \"{SecretMasker.Mask}\"");
    }

    [Fact]
    public void Hostile_lines_take_no_time()
    {
        foreach (var part in new[] { "eyJ", "eyJaaaaaaaaaaa.", "\e]", "\e[", "://", "ghp_a", "abcdefgh1234567", "sk-" })
            Masker.Apply(string.Concat(Enumerable.Repeat(part, 64 * 1024 / part.Length))).ShouldNotContain(Secret);
    }

    private static string Decode(string base64)
    {
        var whole = base64[..(base64.Length / 4 * 4)];
        return Encoding.UTF8.GetString(Convert.FromBase64String(whole));
    }
}
