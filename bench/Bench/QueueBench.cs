using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Jobs;

namespace Platform.Bench;

/// <summary>From placing a job to the start of its handler, beside one round trip of a notification between two connections.</summary>
internal sealed class QueueBench(BenchArguments arguments)
{
    private const int WarmUp = 20;

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        if (arguments.Database is not { } database)
        {
            Console.Error.WriteLine("queue: left out, it needs --database or ConnectionStrings__platform");
            return;
        }

        await using var source = NpgsqlDataSource.Create(database);
        var floor = await MeasureNotifyAsync(source, cancellationToken);
        var measured = await MeasureQueueAsync(source, cancellationToken);
        table.AddLimit("Job placed to handler started (floor: NOTIFY round trip)", floor, measured, milliseconds: 5);
    }

    private async Task<Samples> MeasureNotifyAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var channel = $"bench_{Guid.NewGuid():N}";
        await using var listener = await source.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", listener)) await listen.ExecuteNonQueryAsync(cancellationToken);
        await using var sender = await source.OpenConnectionAsync(cancellationToken);
        await using var notify = new NpgsqlCommand($"NOTIFY {channel}", sender);
        await notify.PrepareAsync(cancellationToken);
        var samples = new Samples();
        for (var i = -WarmUp; i < arguments.Samples; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var waiting = listener.WaitAsync(cancellationToken);
            await notify.ExecuteNonQueryAsync(cancellationToken);
            await waiting;
            if (i >= 0) samples.Add(Stopwatch.GetElapsedTime(began));
        }

        return samples;
    }

    private async Task<Samples> MeasureQueueAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var started = Channel.CreateUnbounded<long>();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(source).AddSingleton(started).AddDbContext<PlatformDbContext>(options => options.UseNpgsql(source));
        builder.Services.AddJobQueue(builder.Configuration).AddJobHandler<BenchJob, BenchJobHandler>().AddJobWorker(BenchJob.Queue, 1);
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var queue = host.Services.GetRequiredService<IJobQueue>();
        var samples = new Samples();
        for (var i = -WarmUp; i < arguments.Samples; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(new BenchJob(i), cancellationToken: cancellationToken);
            var at = await started.Reader.ReadAsync(cancellationToken);
            if (i >= 0) samples.Add(Stopwatch.GetElapsedTime(began, at));
        }

        await host.StopAsync(cancellationToken);
        return samples;
    }

    private sealed record BenchJob(int Number) : IJob
    {
        public static string Type => "bench";

        public static string Queue => "bench";

        // As the jobs of runs are, which this stands for.
        public static bool IsDurable => false;
    }

    private sealed class BenchJobHandler(Channel<long> started) : IJobHandler<BenchJob>
    {
        public Task HandleAsync(BenchJob job, JobContext context, CancellationToken cancellationToken)
        {
            started.Writer.TryWrite(Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        }
    }
}
