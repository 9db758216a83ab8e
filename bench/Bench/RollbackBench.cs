using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Platform.Bench;

/// <summary>
/// From the request to roll back until the sites host serves the other version, beside what no rollback can do without: one row changed and one
/// notification received.
/// </summary>
internal sealed class RollbackBench(BenchArguments arguments)
{
    private const int WarmUp = 4;
    private const int Rounds = 40;
    private const double Goal = 100;
    private const string Row = "Rollback, asked for until the site shows it";
    private const string Change = """
        WITH changed AS (UPDATE projects SET production_deployment_id = production_deployment_id WHERE id = $1 RETURNING id) SELECT pg_notify($2, '') FROM changed
        """;

    private static readonly TimeSpan ShowTime = TimeSpan.FromSeconds(30);

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        using var client = new DeploymentClient(arguments.Api);
        await client.SignUpAsync(cancellationToken);
        using var repository = new BenchRepository(new Dictionary<string, string> { ["index.html"] = "version one" });
        var first = await DeployAsync(client, repository, cancellationToken);
        repository.Commit("index.html", "version two");
        var second = await DeployAsync(client, repository, cancellationToken);

        var shown = new Samples();
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var (target, text) = round % 2 == 0 ? (first, "version one") : (second, "version two");
            var elapsed = await MeasureAsync(client, target, text, cancellationToken);
            if (round >= 0) shown.Add(elapsed);
        }

        if (arguments.Database is not { } database)
        {
            Console.Error.WriteLine("rollback: without its floor, which needs --database or ConnectionStrings__platform");
            table.AddTail(Row, shown, 0.5, Goal);
            return;
        }

        table.AddLimit($"{Row} (floor: UPDATE + NOTIFY)", await MeasureFloorAsync(database, first.ProjectId, cancellationToken), shown, Goal);
    }

    private static async Task<Published> DeployAsync(DeploymentClient client, BenchRepository repository, CancellationToken cancellationToken)
    {
        var id = await client.StartAsync(repository.Url, cancellationToken);
        await client.FollowAsync(id, (_, _) => { }, cancellationToken);
        await client.CheckAsync(id, cancellationToken);
        var detail = await client.Http.GetFromJsonAsync<JsonElement>($"/api/deployments/{id}", cancellationToken);
        return new Published(id, detail.GetProperty("projectId").GetGuid(), new Uri(detail.GetProperty("url").GetString()!).Host);
    }

    private async Task<TimeSpan> MeasureAsync(DeploymentClient client, Published target, string text, CancellationToken cancellationToken)
    {
        // A resolver need not know names below localhost: the connection goes to loopback.
        using var site = new HttpClient { BaseAddress = new Uri($"http://{IPAddress.Loopback}:{arguments.Web.Port}") };
        await ReadAsync(site, target.Host, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ShowTime);
        var began = Stopwatch.GetTimestamp();
        using var response = await client.Http.PostAsJsonAsync($"/api/projects/{target.ProjectId}/rollback", new { deploymentId = target.Id }, limit.Token);
        response.EnsureSuccessStatusCode();
        // Asking without a pause would take the machine from what is measured.
        while (await ReadAsync(site, target.Host, limit.Token) != text) await Task.Delay(TimeSpan.FromMilliseconds(1), limit.Token);
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<string> ReadAsync(HttpClient site, string host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        using var response = await site.SendAsync(request, cancellationToken);
        return (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
    }

    private static async Task<Samples> MeasureFloorAsync(string database, Guid projectId, CancellationToken cancellationToken)
    {
        var channel = $"bench_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(database);
        await using var listener = await source.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", listener)) await listen.ExecuteNonQueryAsync(cancellationToken);
        await using var sender = await source.OpenConnectionAsync(cancellationToken);
        var samples = new Samples();
        for (var round = -WarmUp; round < Rounds; round++)
        {
            await using var change = new NpgsqlCommand(Change, sender)
            {
                Parameters = { new NpgsqlParameter { Value = projectId }, new NpgsqlParameter { Value = channel } },
            };
            var began = Stopwatch.GetTimestamp();
            var waiting = listener.WaitAsync(cancellationToken);
            await change.ExecuteNonQueryAsync(cancellationToken);
            await waiting;
            if (round >= 0) samples.Add(Stopwatch.GetElapsedTime(began));
        }

        return samples;
    }

    private readonly record struct Published(Guid Id, Guid ProjectId, string Host);
}
