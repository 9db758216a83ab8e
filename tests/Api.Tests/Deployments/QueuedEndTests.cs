using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments.Logs;
using Platform.Testing;

namespace Platform.Api.Tests.Deployments;

/// <summary>What the log and the stages of a deployment tell that ended before a worker took it.</summary>
[Trait("Category", "Integration")]
public sealed class QueuedEndTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task The_log_says_who_cancelled_it_and_when()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();

        var cancelled = await (await user.PostAsync($"/api/deployments/{id}/cancel")).ReadJsonAsync();

        cancelled.GetProperty("logsTotal").GetInt64().ShouldBe(1);
        var line = (await LogAsync(id)).ShouldHaveSingleItem();
        (line.Seq, line.LogLevel, line.Message).ShouldBe((1, "warning", "Cancelled by Test Person before the build had started."));
        line.Timestamp.ShouldBe(api.Time.GetUtcNow(), TimeSpan.FromMinutes(5));
        var row = await ReadAsync(id);
        row.Stages.ShouldNotContain(stage => stage.Status == "in_progress");
        row.Stages.Single(stage => stage.StageName == "queued").ErrorMessage.ShouldBe(line.Message);
        row.Stages.Single(stage => stage.StageName == "cancelled").CompletedAt.ShouldNotBeNull();
        // Nothing failed: there is no code and no message of a failure.
        (row.ErrorCode, row.ErrorMessage).ShouldBe((null, null));
    }

    [Fact]
    public async Task A_name_that_is_a_secret_is_masked_and_moves_no_cursor()
    {
        var user = await api.SignUpAsync();
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Name, "Ada\e[2J\nhunter2hunter2"));
        var client = api.CreateClient();
        var login = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", login.GetProperty("accessToken").GetString());
        var id = (await user.DeployAsync(envVars: new Dictionary<string, string> { ["KEY"] = "hunter2hunter2" })).Id();

        (await client.PostAsync($"/api/deployments/{id}/cancel", null)).EnsureSuccessStatusCode();

        (await LogAsync(id)).ShouldHaveSingleItem().Message.ShouldBe($"Cancelled by Ada [2J {SecretMasker.Mask} before the build had started.");
    }

    [Fact]
    public async Task Of_many_who_cancel_it_one_is_named()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => user.PostAsync($"/api/deployments/{id}/cancel")));

        answers.ShouldContain(answer => answer.IsSuccessStatusCode);
        (await LogAsync(id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_line_stands_behind_what_a_worker_is_just_writing()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        await using var connection = new NpgsqlConnection(api.Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var line = new NpgsqlCommand("INSERT INTO deployment_logs (deployment_id, seq, log_level, message) VALUES ($1, 1, 'info', 'from a worker')", connection))
        {
            line.Parameters.Add(new NpgsqlParameter { Value = id });
            await line.ExecuteNonQueryAsync();
        }

        var cancelling = user.PostAsync($"/api/deployments/{id}/cancel");
        await Eventually.TrueAsync(IsWaitingAsync);
        await transaction.CommitAsync();

        (await cancelling).EnsureSuccessStatusCode();
        var log = await LogAsync(id);
        log.Select(entry => entry.Seq).ShouldBe([1, 2]);
        log[1].Message.ShouldStartWith("Cancelled by");
    }

    private async Task<List<DeploymentLog>> LogAsync(Guid id)
    {
        await using var database = api.CreateContext();
        return await database.DeploymentLogs.AsNoTracking().Where(row => row.DeploymentId == id).OrderBy(row => row.Seq).ToListAsync();
    }

    private async Task<Deployment> ReadAsync(Guid id)
    {
        await using var database = api.CreateContext();
        return await database.Deployments.AsNoTracking().Include(row => row.Stages).SingleAsync(row => row.Id == id);
    }

    private async Task<bool> IsWaitingAsync()
    {
        await using var database = api.CreateContext();
        return await database.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync() > 0;
    }
}
