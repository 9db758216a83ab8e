using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>While builds do harm, the Api and a published site answer every request. All are processes as they are deployed.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class ResponsivenessTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    protected override (string Key, string Value)[] Settings =>
    [
        ("Build:Timeout", "00:00:20"), ("Build:Pids", "512"), ("Build:DiskLimitBytes", "268435456"), ("Build:MaxFiles", "50000"), ("Build:MemoryBytes", "268435456"),
        ("Build:MaxLogLines", "5000"), ("Build:Concurrency", "6"), ("Build:ConcurrencyPerOwner", "6"),
    ];

    [Fact]
    public async Task Api_and_site_answer_every_request_during_hostile_builds()
    {
        using var api = await StartAsync("Api");
        using var web = await StartAsync("Web");
        var site = await Fixture.WaitForEndAsync(await Fixture.PlaceAsync(Services, "sample:plain-html"));
        await using var db = Fixture.CreateContext();
        var slug = await db.Projects.Where(project => project.Id == site.ProjectId).Select(project => project.Slug).SingleAsync();
        using var ended = new CancellationTokenSource();
        var answers = new[]
        {
            AskAsync(new Uri(api.Address, "/api/execute/languages"), null, ended.Token), AskAsync(new Uri(api.Address, "/health"), null, ended.Token), AskAsync(web.Address, $"{slug}.apps.localhost", ended.Token),
        };

        // All at once: which of its limits ends one first depends on what the others leave it.
        (string Command, string[] Codes)[] hostile =
        [
            ("b() { b | b & }; b; sleep 600", ["TIMED_OUT", "BUILD_FAILED", "OUT_OF_MEMORY"]),
            ("node -e \"const all = []; while (true) all.push(Buffer.alloc(1 << 20, 1))\"", ["OUT_OF_MEMORY", "TIMED_OUT"]),
            ("cat /dev/zero > fill", ["DISK_LIMIT", "TIMED_OUT"]),
            ("for i in $(seq 1 4000); do head -c 16777216 /dev/zero > part$i; done", ["DISK_LIMIT", "TIMED_OUT"]),
            ("node -e \"const fs = require('fs'); for (let i = 0; ; i++) { if (i % 1000 == 0) fs.mkdirSync('d' + i); fs.writeFileSync('d' + (i - i % 1000) + '/' + i, '') }\"", ["DISK_LIMIT", "TIMED_OUT"]),
            ("yes 'a line of a flood'", ["TIMED_OUT"]),
        ];
        var placed = new List<Guid>();
        foreach (var (command, _) in hostile)
        {
            CommitBuild(command);
            var id = await Fixture.PlaceAsync(Services, Repository.Url);
            await Fixture.WaitAsync(id, row => row.CommitHash is not null || DeploymentStatus.IsFinal(row.Status));
            placed.Add(id);
        }

        for (var i = 0; i < hostile.Length; i++)
        {
            var deployment = await Fixture.WaitForEndAsync(placed[i]);
            deployment.ErrorCode.ShouldBeOneOf(hostile[i].Codes, $"{hostile[i].Command}: {deployment.ErrorMessage}");
        }

        await ended.CancelAsync();
        foreach (var asked in answers)
        {
            var statuses = await asked;
            statuses.ShouldNotBeEmpty();
            statuses.ShouldAllBe(status => status == HttpStatusCode.OK);
        }

        await ShouldLeaveNothingAsync();
    }

    /// <summary>Asks one request after the other; null is one that was not answered.</summary>
    private static async Task<List<HttpStatusCode?>> AskAsync(Uri address, string? host, CancellationToken until)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var answers = new List<HttpStatusCode?>();
        while (!until.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Host = host;
            try
            {
                using var response = await http.SendAsync(request, CancellationToken.None);
                answers.Add(response.StatusCode);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                answers.Add(null);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        return answers;
    }

    private Task<PlatformProcess> StartAsync(string project)
    {
        var settings = Fixture.Settings(
            ("JWT_SECRET", "only-for-the-tests-of-builds-0123456789"), ("RateLimits:General:PermitLimit", "100000"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"));
        return PlatformProcess.StartAsync(project, settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!));
    }
}
