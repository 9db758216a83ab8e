using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Bench;

/// <summary>Requests per second for a list of snippets that is cached, beside a bare Kestrel endpoint that returns the same bytes. The two take turns.</summary>
internal sealed class SnippetBench(BenchArguments arguments)
{
    private const string Path = "/api/snippets?limit=10";
    private const int Rounds = 9;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1);

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = arguments.Api };
        await using var account = await BenchAccount.SignUpAsync(http, cancellationToken);
        for (var number = 0; number < 10; number++)
        {
            using var created = await http.PostAsJsonAsync("/api/snippets", new { title = $"Snippet {number}", language = "python", code = "print(6 * 7)\n" }, cancellationToken);
            created.EnsureSuccessStatusCode();
        }

        var body = await http.GetByteArrayAsync(Path, cancellationToken);
        await using var bare = await StartBareAsync(body, cancellationToken);
        var floorAddress = new IPEndPoint(IPAddress.Loopback, new Uri(bare.Urls.First()).Port);
        var api = new IPEndPoint(IPAddress.Loopback, arguments.Api.Port);
        var (floor, measured) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var plain = await HttpLoad.RunAsync(floorAddress, "localhost", Path, RoundLength, cancellationToken);
            var ours = await HttpLoad.RunAsync(api, "localhost", Path, RoundLength, cancellationToken, ("Authorization", $"Bearer {account.Token}"));
            if (round < 0) continue;
            floor.Add(plain);
            measured.Add(ours);
        }

        table.AddRate("Cached list of snippets, requests/s (floor: bare Kestrel)", Median(floor), Median(measured), 0.5);
    }

    private static async Task<WebApplication> StartBareAsync(byte[] body, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/api/snippets", () => Results.Bytes(body, "application/json; charset=utf-8"));
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
