using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace Platform.Bench;

/// <summary>
/// The list of an owner with a million deployments beside that of one with a thousand, over HTTP, by an Api of its own on a database of its own:
/// rows are filled in by SQL and gone afterwards.
/// </summary>
internal sealed class ListBench(BenchArguments arguments)
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int WarmUp = 20;
    private const double Goal = 2;
    private const string Project = "{project}";

    private static readonly (string What, string Query)[] Lists =
    [
        ("first page", "?page=1&limit=10"), ("page 50", "?page=50&limit=10"), ("100 items", "?limit=100"), ("one status", "?status=failed"), ("a rare status", "?status=cancelled"),
        ("a project", "?project={project}"), ("a project's failures", "?project={project}&status=failed"), ("a branch", "?branch=main"), ("previews", "?environment=preview"),
        ("production", "?environment=production"), ("a search", "?search=app-3"), ("a search for everything", "?search=app"), ("a search in vain", "?search=nothing"),
        ("a search for failures", "?search=app-3&status=failed"),
    ];

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        var redis = Environment.GetEnvironmentVariable("ConnectionStrings__redis");
        if (arguments.Database is not { } server || redis is null)
        {
            Console.Error.WriteLine("lists: left out, they need --database or ConnectionStrings__platform, and ConnectionStrings__redis");
            return;
        }

        var name = $"bench_lists_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(server);
        await ExecuteAsync(source, $"CREATE DATABASE {name}", cancellationToken);
        try
        {
            var own = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = true }.ConnectionString;
            await MeasureAsync(table, own, redis, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(source, $"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None);
        }
    }

    private async Task MeasureAsync(ResultTable table, string database, string redis, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        using var api = Start(address, database, redis);
        try
        {
            using var few = await SignUpAsync(address, cancellationToken);
            using var many = await SignUpAsync(address, cancellationToken);
            await using (var source = NpgsqlDataSource.Create(database))
            {
                await FillAsync(source, few.Id, Few, cancellationToken);
                await FillAsync(source, many.Id, Many, cancellationToken);
                await ExecuteAsync(source, "VACUUM ANALYZE deployments, projects, deployment_counts, project_deployment_counts", cancellationToken);
            }

            var (project, other) = (await few.FindProjectAsync(cancellationToken), await many.FindProjectAsync(cancellationToken));
            foreach (var (what, query) in Lists)
            {
                var (floor, measured) = (new Samples(), new Samples());
                // In turns, so that a slow moment of the machine hits both.
                for (var i = -WarmUp; i < arguments.Samples; i++)
                {
                    var (first, second) = (await few.AskAsync(query.Replace(Project, project, StringComparison.Ordinal), cancellationToken), await many.AskAsync(query.Replace(Project, other, StringComparison.Ordinal), cancellationToken));
                    if (i < 0) continue;
                    floor.Add(first);
                    measured.Add(second);
                }

                table.AddRatio($"List of 1,000,000 deployments, {what} (floor: of 1,000)", floor, measured, Goal);
            }
        }
        finally
        {
            api.Kill(entireProcessTree: true);
            await api.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(Uri address, string database, string redis)
    {
        var bench = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(bench.Parent!.Parent!.FullName, "Api", bench.Name, "Platform.Api.dll");
        var start = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = Path.GetDirectoryName(program)! };
        foreach (var (key, value) in new[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", address.AbsoluteUri), ("ConnectionStrings__platform", database), ("ConnectionStrings__redis", redis),
            ("Auth__JwtSecret", "for a bench that nobody else reaches"), ("RateLimits__General__PermitLimit", "1000000"), ("RateLimits__Auth__PermitLimit", "1000000"),
            ("Logging__LogLevel__Default", "Warning"),
        })
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<Owner> SignUpAsync(Uri address, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = address };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync(
                    "/api/auth/signup", new { name = "Bench", email = $"{Guid.NewGuid():N}@example.com", password = "a quiet green lamp" }, limit.Token);
                answer.EnsureSuccessStatusCode();
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token);
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("accessToken").GetString());
                return new Owner(http, body.GetProperty("user").GetProperty("id").GetGuid());
            }
            catch (HttpRequestException exception) when (exception.StatusCode is null)
            {
                // It is still starting.
                await Task.Delay(200, limit.Token);
            }
        }
    }

    private static async Task FillAsync(NpgsqlDataSource source, Guid owner, int count, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            WITH made AS (
                INSERT INTO projects (owner_id, user_id, name, slug, repository)
                SELECT $1, $1, 'app-' || n, substr(md5($1::text || n), 1, 20), 'https://git.example.com/team/app-' || n FROM generate_series(0, 9) n
                RETURNING id, name)
            INSERT INTO deployments (owner_id, project_id, user_id, status, branch, environment, source, created_at)
            SELECT $1, made.id, $1, CASE WHEN n % 500 = 499 THEN 'cancelled' WHEN n % 7 = 0 THEN 'failed' ELSE 'success' END,
                CASE WHEN n % 20 = 13 THEN 'topic' ELSE 'main' END, CASE WHEN n % 20 = 13 THEN 'preview' ELSE 'production' END,
                'https://git.example.com/team/app-' || (n % 10), now() - n * interval '1 second'
            FROM generate_series(1, $2) n JOIN made ON made.name = 'app-' || (n % 10)
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter { Value = owner });
        command.Parameters.Add(new NpgsqlParameter { Value = count });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string text, CancellationToken cancellationToken)
    {
        // The names in it are made here.
#pragma warning disable CA2100
        await using var command = source.CreateCommand(text);
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Owner(HttpClient Http, Guid Id) : IDisposable
    {
        public async Task<TimeSpan> AskAsync(string query, CancellationToken cancellationToken)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await Http.GetAsync("/api/deployments" + query, cancellationToken);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return Stopwatch.GetElapsedTime(began);
        }

        public async Task<string> FindProjectAsync(CancellationToken cancellationToken) =>
            (await Http.GetFromJsonAsync<JsonElement>("/api/deployments?limit=1", cancellationToken)).GetProperty("deployments")[0].GetProperty("projectId").GetString()!;

        public void Dispose() => Http.Dispose();
    }
}
