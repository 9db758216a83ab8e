using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.Core.Jobs.Postgres;

/// <summary>
/// The queue's own connections: statements stay prepared on them, and a flood of requests that empties the pool of the rest of the process
/// cannot keep a worker from renewing its leases.
/// </summary>
internal sealed class JobDatabase : IAsyncDisposable
{
    public JobDatabase(IOptions<JobOptions> options, IConfiguration configuration, ILoggerFactory loggers)
    {
        var connectionString = options.Value.ConnectionString
            ?? configuration.GetConnectionString(ResourceNames.Database)
            ?? throw new InvalidOperationException(
                $"The job queue has no database: set ConnectionStrings:{ResourceNames.Database} or {JobOptions.SectionName}:{nameof(JobOptions.ConnectionString)}.");
        ConnectionString = connectionString;
        Durable = Build(connectionString, loggers, settings => settings.ApplicationName = "jobs");
        Fast = Build(connectionString, loggers, settings =>
        {
            settings.ApplicationName = "jobs-fast";
            settings.Options = $"{settings.Options} -c synchronous_commit=off".Trim();
        });
        Listening = Build(connectionString, loggers, settings =>
        {
            settings.ApplicationName = "jobs-listen";
            settings.Pooling = false;
            settings.MaxAutoPrepare = 0;
        });
    }

    /// <summary>For an engine that makes its own connections.</summary>
    public string ConnectionString { get; }

    /// <summary>What must survive a crash of the server: placing durable jobs, ends of jobs.</summary>
    public NpgsqlDataSource Durable { get; }

    /// <summary>
    /// Does not wait for the disk at commit. Right for claims and renewals: when the server forgets one in a crash, the job is merely claimed
    /// again, and the first worker's token no longer fits.
    /// </summary>
    public NpgsqlDataSource Fast { get; }

    /// <summary>Connections that are closed after use: one that still listens must not come back to a pool.</summary>
    public NpgsqlDataSource Listening { get; }

    public async ValueTask DisposeAsync()
    {
        await Durable.DisposeAsync();
        await Fast.DisposeAsync();
        await Listening.DisposeAsync();
    }

    private static NpgsqlDataSource Build(string connectionString, ILoggerFactory loggers, Action<NpgsqlConnectionStringBuilder> configure)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 30,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = 20,
            KeepAlive = 10,
            NoResetOnClose = true,
            Enlist = false,
            Timeout = 5,
            CommandTimeout = 10,
        };
        configure(settings);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).Build();
    }
}
