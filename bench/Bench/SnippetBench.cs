using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Platform.Bench;

/// <summary>
/// Requests per second for a list of snippets that is cached, beside a bare Kestrel endpoint that returns the same bytes. The two take turns, and both
/// are warm: what is compared is two servers that have run for a while. The client takes its part of the same processor; its share is told, and
/// what the two servers took themselves, which is nearly the same while others work on the machine.
/// </summary>
internal sealed class SnippetBench(BenchArguments arguments)
{
    private const string Path = "/api/snippets?limit=10";
    private const int Rounds = 15;
    private const int WarmUp = 10;
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

        using var bare = await BareServer.StartAsync(await http.GetByteArrayAsync(Path, cancellationToken), cancellationToken);
        var api = new IPEndPoint(IPAddress.Loopback, arguments.Api.Port);
        using var bareProcess = ServerProcess.FindByPort(bare.Address.Port);
        using var apiProcess = ServerProcess.FindByPort(api.Port);
        var (floor, measured) = (new List<Round>(), new List<Round>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var plain = await MeasureAsync(bare.Address, bareProcess, cancellationToken);
            var ours = await MeasureAsync(api, apiProcess, cancellationToken, ("Authorization", $"Bearer {account.Token}"));
            if (round < 0) continue;
            floor.Add(plain);
            measured.Add(ours);
        }

        table.AddRate("Cached list of snippets, requests/s (floor: bare Kestrel)", Median(floor, round => round.Rate), Median(measured, round => round.Rate), 0.5);
        table.AddText("  processor per request, client", Microseconds(floor, round => round.Client), Microseconds(measured, round => round.Client));
        table.AddText("  processor per request, all else on the machine", Microseconds(floor, round => round.Rest), Microseconds(measured, round => round.Rest));
        if (bareProcess is not null && apiProcess is not null)
        {
            table.AddText("  processor per request, the server alone", Microseconds(floor, round => round.Server), Microseconds(measured, round => round.Server));
            table.AddText("    the least of all rounds", $"{floor.Min(round => round.Server):0.0} us", $"{measured.Min(round => round.Server):0.0} us");
        }
    }

    private static async Task<Round> MeasureAsync(IPEndPoint server, Process? process, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var (client, machine, serving) = (Environment.CpuUsage.TotalTime, MachineTime(), ServerTime(process));
        var rate = await HttpLoad.RunAsync(server, "localhost", Path, RoundLength, cancellationToken, headers);
        var count = rate * RoundLength.TotalSeconds;
        var own = Environment.CpuUsage.TotalTime - client;
        return new Round(
            rate, own.TotalMicroseconds / count, (MachineTime() - machine - own).TotalMicroseconds / count, (ServerTime(process) - serving).TotalMicroseconds / count);
    }

    private static TimeSpan ServerTime(Process? process)
    {
        process?.Refresh();
        return process?.TotalProcessorTime ?? TimeSpan.Zero;
    }

    /// <summary>What all processors together were busy since the machine began.</summary>
    private static TimeSpan MachineTime()
    {
        // user, nice, system, idle, iowait, irq, softirq, in hundredths of a second.
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromMilliseconds(10 * (times[0] + times[1] + times[2] + times[5] + times[6]));
    }

    private static string Microseconds(List<Round> rounds, Func<Round, double> value) => $"{Median(rounds, value):0.0} us";

    private static double Median(List<Round> rounds, Func<Round, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private sealed record Round(double Rate, double Client, double Rest, double Server);
}
