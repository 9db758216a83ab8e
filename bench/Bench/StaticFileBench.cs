using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Bench;

/// <summary>
/// Requests per second for the files of a published site, beside Debian's nginx with the same files, the same client and the same connections.
/// The two take turns, so that both see the same machine.
/// </summary>
internal sealed class StaticFileBench(BenchArguments arguments)
{
    private const double Goal = 0.7;
    private const int Rounds = 9;
    private const int WarmUp = 3;
    private const string Sample = "sample:plain-html";
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeployTime = TimeSpan.FromMinutes(3);
    private static readonly string[] Paths = ["/index.html", "/style.css", "/medium.js", "/large.js"];

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        if (NginxServer.Find() is not { } program)
        {
            Console.Error.WriteLine("static files: left out, nginx is not installed");
            return;
        }

        var host = arguments.Site ?? await DeployAsync(cancellationToken);
        var directory = Directory.CreateTempSubdirectory("bench-nginx-");
        try
        {
            var files = await CopyFilesAsync(host, directory.FullName, cancellationToken);
            using var nginx = await NginxServer.StartAsync(program, directory.FullName, cancellationToken);
            var web = new IPEndPoint(IPAddress.Loopback, arguments.Web.Port);
            var measured = files.ToDictionary(file => file.Path, _ => (Floor: new List<double>(), Ours: new List<double>()), StringComparer.Ordinal);
            // All files in each round: measured one after the other, one file met a quiet machine and the next a busy one.
            for (var round = -WarmUp; round < Rounds; round++)
            {
                foreach (var (path, _) in files)
                {
                    var (bare, ours) = (await HttpLoad.RunAsync(nginx.Address, "localhost", path, RoundLength, cancellationToken), await HttpLoad.RunAsync(web, host, path, RoundLength, cancellationToken));
                    if (round < 0) continue;
                    measured[path].Floor.Add(bare);
                    measured[path].Ours.Add(ours);
                }
            }

            foreach (var (path, size) in files)
                table.AddRate($"Static file of {size / 1024.0:0.0} KiB, requests/s (floor: nginx)", Median(measured[path].Floor), Median(measured[path].Ours), Goal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>The site's own files, as it serves them.</summary>
    private async Task<List<(string Path, long Size)>> CopyFilesAsync(string host, string directory, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var files = new List<(string, long)>();
        foreach (var path in Paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{arguments.Web.Port}{path}")) { Headers = { Host = host } };
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) continue;
            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(directory, path[1..]), content, cancellationToken);
            files.Add((path, content.Length));
        }

        return files.Count > 0 ? files : throw new InvalidOperationException($"{host} has none of the files {string.Join(", ", Paths)}.");
    }

    private async Task<string> DeployAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = arguments.Api };
        // The site is measured after this, so its account stays.
        await BenchAccount.SignUpAsync(http, cancellationToken);
        using var asked = await http.PostAsJsonAsync("/api/deployments", new { repository = Sample, branch = "main" }, cancellationToken);
        asked.EnsureSuccessStatusCode();
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DeployTime);
        while (true)
        {
            var deployment = await http.GetFromJsonAsync<JsonElement>($"/api/deployments/{id}", limit.Token);
            switch (deployment.GetProperty("status").GetString())
            {
                case "success":
                    return new Uri(deployment.GetProperty("url").GetString()!).Host;
                case "failed" or "cancelled":
                    throw new InvalidOperationException($"The deployment failed: {deployment}");
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
                    break;
            }
        }
    }
}
