using System.Text.Json;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>PostgreSQL and Redis die in the middle of runs and come back.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class StoreRestartTests(PrivateStoresFixture stores) : RunPath(() => stores.Stores.Postgres, () => stores.Stores.Redis), IClassFixture<PrivateStoresFixture>
{
    [Fact]
    public async Task Runs_outlive_the_death_of_both_stores()
    {
        await StartWorkerAsync();
        Task<JsonElement>[] running = [.. Enumerable.Range(0, 3).Select(number => RunAsync("python", $"import time\nprint('begun', flush=True)\ntime.sleep(15)\nprint({number})"))];
        await Eventually.TrueAsync(async () => await JobsAsync("running") == running.Length);

        await stores.Stores.KillPostgresAsync();
        await stores.Stores.KillRedisAsync();
        await stores.Stores.StartAgainAsync();

        for (var number = 0; number < running.Length; number++)
        {
            var answer = await running[number];
            answer.GetProperty("status").GetString().ShouldBe("ok", answer.ToString());
            answer.GetProperty("stdout").GetString().ShouldBe($"begun\n{number}\n");
        }

        await Eventually.TrueAsync(async () => (await TryRunAsync("print('after')"))?.GetProperty("stdout").GetString() == "after\n");
        await NothingIsLeftInTheQueueAsync();
    }

    private async Task<JsonElement?> TryRunAsync(string code)
    {
        using var response = await PostAsync(new { language = "python", code });
        return response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()) : null;
    }
}

/// <summary>Stores that a test may kill.</summary>
public sealed class PrivateStoresFixture : IAsyncLifetime
{
    private PrivateStores? _stores;

    public PrivateStores Stores => _stores ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public async Task InitializeAsync() => _stores = await PrivateStores.StartAsync();

    public async Task DisposeAsync() => await Stores.DisposeAsync();
}
