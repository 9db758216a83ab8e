using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

/// <summary>Migrations are written by hand: here they meet the model.</summary>
[Trait("Category", "Integration")]
public sealed class SchemaTests(PostgresFixture migrated) : IClassFixture<PostgresFixture>
{
    /// <summary>Tables that adapters make with SQL of their own, outside of the EF model, and EF's own history.</summary>
    private static readonly string[] OutsideTheModel = ["__EFMigrationsHistory", "jobs", "documents"];

    private const string Columns = """
        SELECT format('%I.%I %s%s default=%s identity=%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, pg_get_expr(d.adbin, d.adrelid), a.attidentity)
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT c.relname = ANY(@ignored)
        ORDER BY 1
        """;

    private const string Constraints = """
        SELECT format('%I.%I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.connamespace = 'public'::regnamespace AND NOT c.relname = ANY(@ignored) AND k.contype <> 'n'
        ORDER BY 1
        """;

    private const string Indexes = """
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND NOT tablename = ANY(@ignored) ORDER BY 1
        """;

    [Fact]
    public async Task Migrations_produce_the_model()
    {
        var name = await TestDatabases.CreateEmptyAsync();
        try
        {
            var modelled = TestDatabases.ConnectionString(name);
            await using (var context = TestDatabases.CreateContext(modelled)) (await context.Database.EnsureCreatedAsync()).ShouldBeTrue();

            foreach (var query in new[] { Columns, Constraints, Indexes })
            {
                var expected = await ReadAsync(modelled, query);
                var actual = await ReadAsync(migrated.ConnectionString, query);
                expected.ShouldNotBeEmpty();
                actual.Except(expected).ShouldBeEmpty("the migrations make what the model does not know");
                expected.Except(actual).ShouldBeEmpty("the model has what the migrations do not make");
            }
        }
        finally
        {
            await TestDatabases.DropAsync(name);
        }
    }

    [Theory]
    [InlineData("users", "id name email password_hash avatar_url github_id google_id email_verified created_at updated_at")]
    [InlineData("projects", "id user_id name repository branch build_command output_dir env_vars github_repo_id created_at updated_at owner_id")]
    [InlineData("deployments", "id project_id user_id status branch commit_hash commit_message author build_duration deployed_url started_at completed_at created_at owner_id")]
    [InlineData("deployment_logs", "id deployment_id timestamp log_level message created_at")]
    [InlineData("deployment_stages", "id deployment_id stage_name status started_at completed_at error_message created_at")]
    [InlineData("user_preferences", "id user_id theme email_notifications deployment_success_notifications deployment_failure_notifications created_at updated_at")]
    [InlineData("github_connections", "id user_id github_username github_access_token github_refresh_token token_expires_at connected_at")]
    [InlineData("sessions", "id user_id token expires_at created_at")]
    [InlineData("service_status", "id service_name status uptime_percentage response_time last_checked_at created_at")]
    [InlineData("incidents", "id title description status severity affected_services started_at resolved_at created_at updated_at")]
    public async Task Tables_have_the_columns_of_the_contract(string table, string columns)
    {
        var actual = await ReadAsync(
            migrated.ConnectionString,
            $"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' AND NOT table_name = ANY(@ignored)");

        columns.Split(' ').Except(actual).ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrations_can_be_taken_back()
    {
        var name = await TestDatabases.CreateMigratedAsync();
        try
        {
            var connectionString = TestDatabases.ConnectionString(name);
            await using var context = TestDatabases.CreateContext(connectionString);
            await context.Database.MigrateAsync("0");

            (await ReadAsync(connectionString, Columns)).ShouldBeEmpty();
        }
        finally
        {
            await TestDatabases.DropAsync(name);
        }
    }

#pragma warning disable CA2100 // The queries are constants of this class.
    private static async Task<List<string>> ReadAsync(string connectionString, string query)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.AddWithValue("ignored", OutsideTheModel);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
#pragma warning restore CA2100
}
