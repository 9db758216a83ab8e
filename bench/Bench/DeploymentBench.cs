using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Platform.Core.Containers;

namespace Platform.Bench;

/// <summary>
/// Deployments beside the bare build in the same image, a second deployment of a commit beside the first, and the way of a log line from the
/// build's output to a viewer's socket.
/// </summary>
internal sealed class DeploymentBench(BenchArguments arguments)
{
    private const int Runs = 5;
    private const string Image = "autostack/build-node:latest";

    private static readonly Dictionary<string, string> Site = new()
    {
        ["package.json"] = """{"scripts":{"build":"node build.js"}}""",
        ["build.js"] = """
            const fs = require('fs');
            fs.mkdirSync('dist/assets', { recursive: true });
            for (let i = 0; i < 50; i++) fs.writeFileSync(`dist/${i ? 'page' + i : 'index'}.html`, '<h1>page</h1>' + ('<p>text ' + i + '</p>').repeat(200));
            for (let i = 0; i < 4; i++) fs.writeFileSync(`dist/assets/app${i}.js`, Array.from({ length: 1500 }, (_, n) => `const v${n} = ${n * i};`).join('\n'));
            """,
    };

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        using var client = new DeploymentClient(arguments.Api);
        await client.SignUpAsync(cancellationToken);
        await MeasureOverheadAsync(client, table, cancellationToken);
        await MeasureCacheAsync(client, table, cancellationToken);
        await MeasureLogAsync(client, table, cancellationToken);
    }

    private static async Task MeasureOverheadAsync(DeploymentClient client, ResultTable table, CancellationToken cancellationToken)
    {
        using var repository = new BenchRepository(Site);
        await client.MeasureAsync(repository.Url, cancellationToken);
        Samples floor = new(), overhead = new();
        for (var i = 0; i < Runs; i++)
        {
            var bare = await BuildBareAsync(cancellationToken);
            var deployed = await client.MeasureAsync(repository.Url, cancellationToken);
            floor.Add(bare);
            overhead.Add(deployed - bare);
        }

        table.AddLimit("Deployment of a site without dependencies, over its bare build", floor, overhead, milliseconds: 2000);
    }

    private static async Task MeasureCacheAsync(DeploymentClient client, ResultTable table, CancellationToken cancellationToken)
    {
        Samples first = new(), second = new();
        first.Add(await client.MeasureAsync("sample:vite-react", cancellationToken));
        for (var i = 0; i < 3; i++) second.Add(await client.MeasureAsync("sample:vite-react", cancellationToken));
        table.AddRatio("Second deployment of a commit (floor: the first)", first, second, goal: 0.5);
    }

    private static async Task MeasureLogAsync(DeploymentClient client, ResultTable table, CancellationToken cancellationToken)
    {
        var (latency, _, _) = await FollowAsync(client, perSecond: 1_000, seconds: 10, cancellationToken);
        table.AddTail("Log line, printed to received, 1,000 lines a second", latency, 0.99, milliseconds: 50);
        var (_, rate, complete) = await FollowAsync(client, perSecond: 10_000, seconds: 9, cancellationToken);
        table.AddThroughput("Log lines received while 10,000 a second are printed", rate, goal: 9_500, complete);
    }

    /// <summary>A build that prints numbered lines at a rate, each with the time of its printing.</summary>
    private static async Task<(Samples Latency, double Rate, bool Complete)> FollowAsync(
        DeploymentClient client, int perSecond, int seconds, CancellationToken cancellationToken)
    {
        var total = perSecond * seconds;
        using var repository = new BenchRepository(new Dictionary<string, string>
        {
            ["package.json"] = """{"scripts":{"build":"node build.js"}}""",
            ["build.js"] = $$"""
                const fs = require('fs');
                const began = performance.now();
                let sent = 0;
                setTimeout(function print() {
                  const due = Math.min({{total}}, Math.floor((performance.now() - began) * {{perSecond}} / 1000));
                  let text = '';
                  for (; sent < due; sent++) text += `@ ${sent} ${performance.timeOrigin + performance.now()} some words of a line of output\n`;
                  if (text) fs.writeSync(1, text);
                  if (sent < {{total}}) return setTimeout(print, 2);
                  fs.mkdirSync('dist');
                  fs.writeFileSync('dist/index.html', 'x');
                }, 0);
                """,
        });
        var id = await client.StartAsync(repository.Url, cancellationToken);
        var (samples, next, lastSeq, complete) = (new Samples(), 0, 0L, true);
        var (first, last) = (0L, 0L);
        await client.FollowAsync(
            id,
            (seq, text) =>
            {
                complete &= seq == ++lastSeq;
                if (!text.StartsWith("@ ", StringComparison.Ordinal)) return;
                var parts = text.Split(' ');
                complete &= int.Parse(parts[1], CultureInfo.InvariantCulture) == next++;
                last = Stopwatch.GetTimestamp();
                if (first == 0) first = last;
                var printed = double.Parse(parts[2], CultureInfo.InvariantCulture);
                samples.Add(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch.AddMilliseconds(printed));
            },
            cancellationToken);
        await client.CheckAsync(id, cancellationToken);
        return (samples, next / Stopwatch.GetElapsedTime(first, last).TotalSeconds, complete && next == total);
    }

    /// <summary>The build command alone, by hand, in a ready container of the same image with the same limits.</summary>
    private static async Task<TimeSpan> BuildBareAsync(CancellationToken cancellationToken)
    {
        var engine = ContainerEngineExtensions.Create(new ContainerOptions(), TimeProvider.System);
        var id = await engine.CreateAsync(
            new ContainerSpec
            {
                Image = Image,
                Entrypoint = [],
                Command = ["sleep", "600"],
                User = "1000:1000",
                WorkingDirectory = "/workspace",
                Labels = new Dictionary<string, string> { [ContainerLabels.Platform] = "bench", [ContainerLabels.Kind] = "bench" },
                Limits = new ContainerLimits { Memory = 2L * 1024 * 1024 * 1024, Cpus = 2, Pids = 1024 },
            },
            cancellationToken);
        try
        {
            await engine.StartAsync(id, cancellationToken);
            await engine.CopyToAsync(id, "/workspace", Archive(), cancellationToken);
            var began = Stopwatch.GetTimestamp();
            await using var exec = await engine.ExecAsync(id, new ExecSpec { Command = ["/bin/bash", "-c", "npm run build"], WorkingDirectory = "/workspace" }, cancellationToken);
            var buffer = new byte[4096];
            while ((await exec.ReadAsync(buffer, cancellationToken)).Length > 0)
            {
                // Its output is not what is measured.
            }

            var code = await exec.GetExitCodeAsync(cancellationToken);
            return code == 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException($"The bare build ended with {code}.");
        }
        finally
        {
            await engine.RemoveAsync(id, CancellationToken.None);
        }
    }

    private static MemoryStream Archive()
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (path, content) in Site)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { Uid = 1000, Gid = 1000, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }

        stream.Position = 0;
        return stream;
    }
}
