using Platform.AppHost.Local.Logs;

namespace Platform.AppHost.Tests.Logs;

public sealed class LogTests
{
    private readonly SecretMasker _masker = new();

    [Fact]
    public async Task A_reader_gets_what_is_kept_and_then_what_comes()
    {
        var log = Create(capacity: 3);
        foreach (var text in (string[])["one", "two", "three", "four"]) log.Append(text);

        await using var reader = log.ReadAsync(after: 0, CancellationToken.None).GetAsyncEnumerator();
        var seen = new List<string> { await NextAsync(reader), await NextAsync(reader), await NextAsync(reader) };
        log.Append("five");
        seen.Add(await NextAsync(reader));

        seen.ShouldBe(["2 two", "3 three", "4 four", "5 five"]);
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_each_line_once()
    {
        var log = Create();
        foreach (var text in (string[])["one", "two", "three"]) log.Append(text);

        await using var reader = log.ReadAsync(after: 2, CancellationToken.None).GetAsyncEnumerator();

        (await NextAsync(reader)).ShouldBe("3 three");
    }

    [Fact]
    public async Task A_number_from_an_earlier_host_starts_from_the_beginning()
    {
        var log = Create();
        log.Append("one");

        await using var reader = log.ReadAsync(after: 900, CancellationToken.None).GetAsyncEnumerator();

        (await NextAsync(reader)).ShouldBe("1 one");
    }

    [Fact]
    public void Secrets_and_terminal_sequences_are_taken_out()
    {
        _masker.Add("hunter2-hunter2");
        var log = Create();

        log.Append("\e[31mpassword\e[0m is hunter2-hunter2\a \e]0;title\aend");

        log.Snapshot().Single().Text.ShouldBe($"password is {SecretMasker.Mark} end");
    }

    [Theory]
    [InlineData("JWT_SECRET", "abc", SecretMasker.Mark)]
    [InlineData("PLATFORM_PASSWORD", "abc", SecretMasker.Mark)]
    [InlineData("ConnectionStrings__x", "Host=h;Password=abc;Database=d", "Host=h;Password=" + SecretMasker.Mark + ";Database=d")]
    [InlineData("ConnectionStrings__r", "h:1,password=abc,ssl=true", "h:1,password=" + SecretMasker.Mark + ",ssl=true")]
    [InlineData("DATABASE_URI", "postgresql://u:abc@h/d", "postgresql://u:" + SecretMasker.Mark + "@h/d")]
    [InlineData("WEB_PORT", "8080", "8080")]
    public void Variables_are_shown_without_their_secrets(string name, string value, string shown) =>
        _masker.MaskVariable(name, value).ShouldBe(shown);

    [Fact]
    public void Short_values_do_not_blank_out_innocent_text()
    {
        _masker.Add("api");

        _masker.Mask("the api is up").ShouldBe("the api is up");
    }

    [Fact]
    public async Task The_console_puts_the_name_before_each_line_and_colours_only_when_asked()
    {
        var (plain, coloured) = (new StringWriter(), new StringWriter());
        await WriteAsync(plain, coloured: false);
        await WriteAsync(coloured, coloured: true);

        plain.ToString().ShouldBe("api    | hello\n");
        coloured.ToString().ShouldContain("\e[");
    }

    [Fact]
    public async Task A_lost_terminal_does_not_stop_the_host()
    {
        await using var console = new ConsoleMultiplexer(new BrokenWriter(), coloured: false, width: 3);
        var log = Create(onLine: console.Write);

        log.Append("one");
        log.Append("two");

        await console.DisposeAsync();
        log.Snapshot().Count.ShouldBe(2);
    }

    private async Task WriteAsync(TextWriter writer, bool coloured)
    {
        await using var console = new ConsoleMultiplexer(writer, coloured, width: 6);
        Create(onLine: console.Write).Append("hello");
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<LogLine> reader)
    {
        (await reader.MoveNextAsync()).ShouldBeTrue();
        return $"{reader.Current.Seq} {reader.Current.Text}";
    }

    private LogBuffer Create(int capacity = 100, Action<LogBuffer, LogLine>? onLine = null) =>
        new("api", 0, _masker, TimeProvider.System, onLine, capacity);

    private sealed class BrokenWriter : StringWriter
    {
        public override Task WriteLineAsync(string? value) => Task.FromException(new IOException("Broken pipe"));
    }
}
