using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Core;
using Platform.Core.Data;
using Platform.Core.Execution;
using Platform.Core.Jobs;

namespace Platform.Api.Tests.Execution;

/// <summary>
/// Plays the workers on the real queue. What a run does is up to the test: the first word of its main file names the script. Without one of
/// that name it prints its input and ends well.
/// </summary>
internal sealed class FakeWorkers : IAsyncDisposable
{
    public static readonly RunResult Ok = new()
    {
        Verdict = RunVerdict.Ok,
        ExitCode = 0,
        WallTime = TimeSpan.FromMilliseconds(12),
        CpuTime = TimeSpan.FromMilliseconds(10),
        MemoryBytes = 4096,
    };

    private readonly ConcurrentDictionary<string, Func<FakeWorker, RunRequest, Task>> _scripts = new(StringComparer.Ordinal);
    private IHost? _host;

    public static async Task<FakeWorkers> StartAsync(string database)
    {
        var workers = new FakeWorkers();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{ResourceNames.Database}"] = database,
            ["Jobs:Lease"] = "00:00:30",
            ["Jobs:RetryBaseDelay"] = "00:00:00.050",
        });
        builder.Services.AddDbContext<PlatformDbContext>(options => options.UseNpgsql(database).UsePlatformModel());
        builder.Services.AddSingleton(workers).AddJobQueue(builder.Configuration);
        builder.Services.AddJobHandler<RunCodeJob, Handler>().AddJobWorker(JobQueues.Executions, 32);
        workers._host = builder.Build();
        await workers._host.StartAsync();
        return workers;
    }

    /// <summary>What runs do whose main file starts with this word.</summary>
    public void On(string name, Func<FakeWorker, RunRequest, Task> script) => _scripts[name] = script;

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
    }

    private Task PlayAsync(FakeWorker worker, RunRequest request)
    {
        var name = Encoding.UTF8.GetString(request.Files[0].Content).Split(' ', '\n')[0];
        return _scripts.GetValueOrDefault(name, EchoAsync)(worker, request);
    }

    private static async Task EchoAsync(FakeWorker worker, RunRequest request)
    {
        // A check takes no input.
        while (request.Mode == RunMode.Run && await worker.ReceiveAsync() is { Kind: RunMessageKind.Stdin } input) await worker.SendAsync(RunMessageKind.Stdout, input.Payload.ToArray());
        await worker.FinishAsync(Ok);
    }

    private sealed class Handler(FakeWorkers workers) : IJobHandler<RunCodeJob>
    {
        public async Task HandleAsync(RunCodeJob job, JobContext context, CancellationToken cancellationToken)
        {
            using var worker = await ConnectAsync(job);
            if (worker is null) return;
            try
            {
                await workers.PlayAsync(worker, await worker.ReceiveRequestAsync());
                // The result may still be on its way.
                while (await worker.Channel.ReceiveAsync(cancellationToken) is not null) await Task.Yield();
            }
            catch (Exception exception) when (exception is WebSocketException or InvalidOperationException)
            {
                // Nobody waits any more.
                return;
            }
        }

        private static async Task<FakeWorker?> ConnectAsync(RunCodeJob job)
        {
            try
            {
                return await RunHost.ConnectAsync(job);
            }
            catch (WebSocketException)
            {
                return null;
            }
        }
    }
}
