using Npgsql;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs.Hangfire;

/// <summary>Hangfire as the engine.</summary>
public sealed class HangfireJobQueueTests(PostgresFixture postgres) : JobQueueConformance(postgres), IClassFixture<PostgresFixture>
{
    private protected override string Engine => "hangfire";

    private protected override async Task ResetAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("DROP SCHEMA IF EXISTS hangfire CASCADE; TRUNCATE jobs, outbox_jobs");
        await command.ExecuteNonQueryAsync();
    }
}
