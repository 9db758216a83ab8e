using System.Text;
using Platform.Api.Execution.Streaming;

namespace Platform.Api.Tests.Execution;

public sealed class Utf8ChunksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Characters_survive_wherever_the_stream_is_broken(int size)
    {
        const string text = "aß€😀 日本\0z";
        var chunks = new Utf8Chunks();
        var seen = new StringBuilder();
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            if (chunks.Next(piece) is not { } next) continue;
            next.Encoding.ShouldBe("utf8");
            seen.Append(next.Data);
        }

        chunks.Flush().ShouldBeNull();
        seen.ToString().ShouldBe(text);
    }

    [Fact]
    public void No_byte_is_lost_where_it_is_no_text()
    {
        byte[] bytes = [0x41, 0xf0, 0x9f, 0x41, 0xff, 0xc3, 0xa4, 0xe2, 0x82];
        var chunks = new Utf8Chunks();
        var seen = new List<byte>();
        foreach (var piece in bytes.Chunk(2)) Add(chunks.Next(piece));
        Add(chunks.Flush());

        seen.ShouldBe(bytes);

        void Add((string Data, string Encoding)? piece)
        {
            if (piece is { } some) seen.AddRange(some.Encoding == "utf8" ? Encoding.UTF8.GetBytes(some.Data) : Convert.FromBase64String(some.Data));
        }
    }
}
