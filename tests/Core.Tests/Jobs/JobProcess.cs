using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Core.Data;
using Platform.Core.Jobs;

namespace Platform.Core.Tests.Jobs;

/// <summary>A process of the platform in small: it places jobs, and serves queues when it is given a probe.</summary>
internal sealed class JobProcess : IAsyncDisposable
{
    private readonly IHost _host;

    private JobProcess(IHost host) => _host = host;

    public IJobQueue Queue => _host.Services.GetRequiredService<IJobQueue>();

    public IServiceProvider Services => _host.Services;

    public static async Task<JobProcess> StartAsync(
        string engine, string connectionString, Probe? probe = null, int concurrency = 4, IReadOnlyDictionary<string, string?>? settings = null,
        bool start = true, int? perKey = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{ResourceNames.Database}"] = connectionString,
            ["Jobs:Engine"] = engine,
            // Far longer than a busy machine stands still: who loses its lease runs a job twice.
            ["Jobs:Lease"] = "00:00:15",
            ["Jobs:PollInterval"] = "00:00:00.200",
            ["Jobs:RetryBaseDelay"] = "00:00:00.050",
        });
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDbContext<PlatformDbContext>(options => options.UseNpgsql(connectionString).UsePlatformModel());
        builder.Services.AddJobQueue(builder.Configuration);
        if (probe is not null)
        {
            builder.Services.AddSingleton(probe);
            builder.Services.AddJobHandler<ProbeJob, ProbeHandler>().AddJobWorker(ProbeJob.Queue, concurrency, perKey);
            builder.Services.AddJobHandler<OtherProbeJob, OtherProbeHandler>().AddJobWorker(OtherProbeJob.Queue, concurrency);
        }

        var process = new JobProcess(builder.Build());
        if (start) await process._host.StartAsync();
        return process;
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
