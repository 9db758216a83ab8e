using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Web.Tests.Sites;

/// <summary>Bodies from memory arrive whole, whatever pieces they are sent in and however slowly they are read.</summary>
[Trait("Category", "Integration")]
public sealed class SiteBodiesTests(WebHostFixture fixture) : IClassFixture<WebHostFixture>
{
    private const int Piece = 64 * 1024;
    private const int Chunk = 256 * 1024;
    private static readonly int[] Sizes = [0, 1, 4095, Piece - 1, Piece, Piece + 1, 200_000, Chunk - 1, Chunk, Chunk + 1, Chunk + Piece + 1, 1024 * 1024, (1024 * 1024) + 1];

    private readonly HttpClient _client = fixture.CreateClient();

    [Fact]
    public async Task Every_size_arrives_as_it_is_from_the_store_and_from_memory()
    {
        var site = await fixture.PublishAsync([("index.html", "x"), .. Sizes.Select(size => ($"{size}.bin", Text(size)))]);

        foreach (var size in Sizes)
        {
            // The first time from the store, then from memory, then by a connection that is used again.
            for (var time = 0; time < 3; time++) (await GetAsync(site, size)).ShouldBe(Text(size), $"{size} bytes, time {time}");
        }
    }

    [Fact]
    public async Task Range_of_a_body_in_memory_is_cut_out_of_it()
    {
        const int Size = 1024 * 1024;
        var site = await fixture.PublishAsync(("index.html", "x"), ($"{Size}.bin", Text(Size)));
        await GetAsync(site, Size);

        foreach (var (from, to) in new[] { (0, 0), (Piece - 1, Piece), (1, Chunk), (5, Chunk + 5), (Chunk - 7, Size - 1) })
            (await GetAsync(site, Size, $"bytes={from}-{to}")).ShouldBe(Text(Size)[from..(to + 1)]);
    }

    [Fact]
    public async Task Many_at_once_get_each_his_own()
    {
        var site = await fixture.PublishAsync([("index.html", "x"), .. Sizes.Select(size => ($"{size}.bin", Text(size)))]);

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            var size = Sizes[number % Sizes.Length];
            (await GetAsync(site, size)).ShouldBe(Text(size));
        });
    }

    [Fact]
    public async Task Reader_that_stops_in_between_gets_the_rest_and_one_that_leaves_disturbs_nobody()
    {
        const int Size = 1024 * 1024;
        var site = await fixture.PublishAsync(("index.html", "x"), ($"{Size}.bin", Text(Size)));
        await GetAsync(site, Size);
        using var slow = await AskAsync(site, Size);
        using (var leaving = await AskAsync(site, Size)) await leaving.GetStream().ReadExactlyAsync(new byte[1000]);
        await slow.GetStream().ReadExactlyAsync(new byte[10_000]);

        (await GetAsync(site, Size)).ShouldBe(Text(Size));

        // What is left of it arrives, to the last byte.
        using var reader = new StreamReader(slow.GetStream(), Encoding.ASCII);
        var rest = await reader.ReadToEndAsync();
        rest.Length.ShouldBeInRange(Size - 10_000, Size);
        Text(Size).ShouldEndWith(rest);
    }

    private async Task<TcpClient> AskAsync(PublishedFixture site, int size)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(fixture.Address.Host, fixture.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /{size}.bin HTTP/1.1\r\nHost: {site.Host}\r\nConnection: close\r\n\r\n"));
        return client;
    }

    private static string Text(int size) => string.Create(size, size, (text, seed) =>
    {
        // Another letter at every place of every piece: what is repeated, or in another order, differs.
        for (var at = 0; at < text.Length; at++) text[at] = (char)('a' + ((at + (at / 26) + (at / Piece * 7) + seed) % 26));
    });

    private async Task<string> GetAsync(PublishedFixture site, int size, string? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{size}.bin") { Headers = { Host = site.Host } };
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent);
        return await response.Content.ReadAsStringAsync();
    }
}
