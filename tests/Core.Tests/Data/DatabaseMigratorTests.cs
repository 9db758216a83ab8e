using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Core.Data.Migrations;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

[Trait("Category", "Integration")]
public sealed class DatabaseMigratorTests
{
    [Fact]
    public async Task Instances_that_start_together_create_and_migrate_one_database()
    {
        var name = await TestDatabases.CreateEmptyAsync();
        await TestDatabases.DropAsync(name);
        var connectionString = TestDatabases.ConnectionString(name);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(connectionString)));

            await using var context = TestDatabases.CreateContext(connectionString);
            (await context.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
            (await context.Database.GetAppliedMigrationsAsync()).ShouldNotBeEmpty();
            (await context.Users.CountAsync()).ShouldBe(0);
        }
        finally
        {
            await TestDatabases.DropAsync(name);
        }
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var time = new SteppingTime(TimeSpan.FromSeconds(60));
        // Nothing listens on port 1.
        await using var context = TestDatabases.CreateContext("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x;Timeout=2");
        var migrator = new DatabaseMigrator(context, time, NullLogger<DatabaseMigrator>.Instance);

        var failure = await Should.ThrowAsync<TimeoutException>(() => migrator.MigrateAsync(stop.Token));

        failure.Message.ShouldContain("127.0.0.1:1");
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var context = TestDatabases.CreateContext(connectionString);
        await new DatabaseMigrator(context, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }

    /// <summary>Every look at the clock moves it on.</summary>
    private sealed class SteppingTime(TimeSpan step) : TimeProvider
    {
        private long _timestamp;

        public override long GetTimestamp() => _timestamp += (long)(step.TotalSeconds * TimestampFrequency);
    }
}
