using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Notifications;
using Platform.Api.Tests.Organizations;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Testing;

namespace Platform.Api.Tests.Webhooks;

/// <summary>An Api that tries again quickly.</summary>
public sealed class HookedApi : ApiFactory
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Webhooks:RetryDelay", "00:00:00.05");
        builder.UseSetting("Webhooks:MaxRetryDelay", "00:00:00.1");
        builder.UseSetting("Webhooks:MaxAttempts", "3");
        builder.UseSetting("Webhooks:MaxPerProject", "3");
        builder.UseSetting("Webhooks:KeepDeliveries", "5");
        // A call that was given up is made again, and the receivers here count.
        builder.UseSetting("Webhooks:Timeout", "00:00:30");
        builder.UseSetting("Jobs:PollInterval", "00:00:00.1");
    }
}

[Trait("Category", "Integration")]
public sealed class WebhooksTests(HookedApi api) : IClassFixture<HookedApi>
{
    private static readonly string[] AllEvents =
        ["deployment.queued", "deployment.building", "deployment.succeeded", "deployment.failed", "deployment.cancelled", "deployment.promoted"];

    [Fact]
    public async Task Life_of_a_deployment_is_told_signed_and_each_event_once()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 204);
        var (user, project) = await StartAsync();
        var (hook, secret) = await AddAsync(user, project, receiver.Address, AllEvents);

        var id = await api.AddDeploymentAsync(user, project);
        // A worker was lost in between: building twice.
        foreach (var status in new[] { "building", "queued", "building", "deploying", "success" }) await api.MoveAsync(id, status);
        var (cancelled, failed) = (await api.AddDeploymentAsync(user, project), await api.AddDeploymentAsync(user, project));
        await api.MoveAsync(cancelled, "cancelled");
        await api.MoveAsync(failed, "failed", "No output.");

        await Eventually.TrueAsync(() => receiver.Calls.Count >= 7);
        var calls = receiver.Calls.ToList();
        calls.ShouldAllBe(call => IsSigned(call, secret));
        var told = calls.Select(call => JsonElement.Parse(call.Body)).ToList();
        Told(told, id).ShouldBe(["deployment.building", "deployment.queued", "deployment.succeeded"]);
        Told(told, cancelled).ShouldBe(["deployment.cancelled", "deployment.queued"]);
        Told(told, failed).ShouldBe(["deployment.failed", "deployment.queued"]);
        told.Single(body => Event(body) == "deployment.failed").GetProperty("deployment").GetProperty("errorMessage").GetString().ShouldBe("No output.");
        told.Single(body => Event(body) == "deployment.building").GetProperty("deployment").GetProperty("status").GetString().ShouldBe("building");
        // Written when the receiver has answered; the last five are kept.
        var deliveries = await Eventually.ValueAsync(
            () => DeliveriesAsync(user, project, hook), rows => rows.TrueForAll(row => row.GetProperty("state").GetString() != "pending"));
        deliveries.ShouldAllBe(row => row.GetProperty("state").GetString() == "delivered" && row.GetProperty("responseStatus").GetInt32() == 204);
    }

    [Fact]
    public async Task Promotion_is_told()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 204);
        var (user, project) = await StartAsync();
        var id = await api.AddDeploymentAsync(user, project);
        await using (var database = api.CreateContext())
        {
            await database.Deployments.Where(row => row.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, "success").SetProperty(row => row.Manifest, """{"files":{}}"""));
        }

        await AddAsync(user, project, receiver.Address, ["deployment.promoted"]);
        (await api.Services.GetRequiredService<SiteProduction>().PromoteAsync(project, id, user.Id, CancellationToken.None)).ShouldNotBeNull();

        await Eventually.TrueAsync(() => !receiver.Calls.IsEmpty);
        Event(JsonElement.Parse(receiver.Calls.Single().Body)).ShouldBe("deployment.promoted");
    }

    [Fact]
    public async Task It_is_told_again_until_it_is_taken_and_can_be_sent_once_more()
    {
        await using var receiver = await HookReceiver.StartAsync(call => call < 3 ? 500 : 200);
        var (user, project) = await StartAsync();
        var (hook, secret) = await AddAsync(user, project, receiver.Address, ["deployment.failed"]);
        await FailAsync(user, project);

        var delivery = await UntilAsync(user, project, hook, "delivered");
        delivery.GetProperty("attempts").GetInt32().ShouldBe(3);
        receiver.Calls.Select(call => call.Headers["X-Autostack-Delivery"].ToString()).Distinct().ShouldHaveSingleItem().ShouldBe(delivery.GetProperty("id").GetString());

        var again = await user.Client.PostAsync($"{Path(project, hook)}/deliveries/{delivery.GetProperty("id").GetGuid()}/redeliver", null);
        (await again.ReadJsonAsync()).GetProperty("redeliveryOf").GetGuid().ShouldBe(delivery.GetProperty("id").GetGuid());
        await Eventually.TrueAsync(() => receiver.Calls.Count == 4);
        receiver.Calls.Last().Body.ShouldBe(receiver.Calls.First().Body);
        receiver.Calls.ShouldAllBe(call => IsSigned(call, secret));
        await (await user.Client.PostAsync($"{Path(project, hook)}/deliveries/{Guid.NewGuid()}/redeliver", null)).ShouldBeErrorAsync(404, "WEBHOOK_DELIVERY_NOT_FOUND");
    }

    [Fact]
    public async Task Who_never_takes_it_is_given_up_and_switched_off_after_long_enough()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 302);
        var (user, project) = await StartAsync();
        var (hook, _) = await AddAsync(user, project, receiver.Address, ["deployment.failed"]);
        await FailAsync(user, project);

        var delivery = await UntilAsync(user, project, hook, "failed");
        delivery.GetProperty("attempts").GetInt32().ShouldBe(3);
        delivery.GetProperty("error").GetString().ShouldBe("Redirects are not followed.");
        receiver.Calls.ShouldAllBe(call => call.Path == "/hook");
        (await user.GetJsonAsync(Path(project, hook))).GetProperty("enabled").GetBoolean().ShouldBeTrue();

        await using (var database = api.CreateContext())
        {
            await database.Webhooks.Where(row => row.Id == hook).ExecuteUpdateAsync(set => set.SetProperty(row => row.FailingSince, row => row.FailingSince - TimeSpan.FromDays(4)));
        }

        await FailAsync(user, project);
        await Eventually.TrueAsync(async () => !(await user.GetJsonAsync(Path(project, hook))).GetProperty("enabled").GetBoolean());
        await Eventually.TrueAsync(async () => (await user.GetJsonAsync("/api/notifications")).GetProperty("notifications").EnumerateArray()
            .Any(entry => entry.GetProperty("type").GetString() == "webhook.disabled"));

        var on = await user.Client.PutAsJsonAsync(Path(project, hook), new { url = receiver.Address, events = new[] { "deployment.failed" }, enabled = true });
        (await on.ReadJsonAsync()).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Rotation_signs_with_both_for_a_while()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 200);
        var (user, project) = await StartAsync();
        var (hook, first) = await AddAsync(user, project, receiver.Address, ["deployment.failed"]);
        var second = (await (await user.Client.PostAsync($"{Path(project, hook)}/secret", null)).ReadJsonAsync()).GetProperty("secret").GetString()!;

        (await user.Client.PostAsync($"{Path(project, hook)}/test", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);

        await Eventually.TrueAsync(() => !receiver.Calls.IsEmpty);
        var call = receiver.Calls.Single();
        second.ShouldNotBe(first);
        IsSigned(call, first).ShouldBeTrue();
        IsSigned(call, second).ShouldBeTrue();
        call.Headers["X-Autostack-Event"].ToString().ShouldBe("ping");
        (await user.GetJsonAsync(Path(project, hook))).ToString().ShouldNotContain(second);
        await using var database = api.CreateContext();
        (await database.Webhooks.SingleAsync(row => row.Id == hook)).Secret.ShouldNotContain(second);
    }

    [Fact]
    public async Task Webhook_for_all_projects_hears_of_each_and_of_no_other_owner()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 200);
        var (user, project) = await StartAsync();
        var (stranger, foreign) = await StartAsync();
        var (hook, _) = await AddAsync(user, project, receiver.Address, ["deployment.failed"], allProjects: true);
        var other = await api.AddProjectAsync(user);

        await FailAsync(stranger, foreign);
        await FailAsync(user, other);

        await Eventually.TrueAsync(() => !receiver.Calls.IsEmpty);
        JsonElement.Parse(receiver.Calls.Single().Body).GetProperty("project").GetProperty("id").GetGuid().ShouldBe(other);
        (await user.GetJsonAsync($"/api/projects/{other}/webhooks")).GetProperty("webhooks")[0].GetProperty("id").GetGuid().ShouldBe(hook);
        await (await stranger.Client.GetAsync(Path(project, hook))).ShouldBeErrorAsync(404, "PROJECT_NOT_FOUND");
        await (await stranger.Client.GetAsync(Path(foreign, hook))).ShouldBeErrorAsync(404, "WEBHOOK_NOT_FOUND");
    }

    [Fact]
    public async Task No_more_than_the_limit_also_when_added_at_once_and_history_is_bounded()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 200);
        var (user, project) = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            user.Client.PostAsJsonAsync($"/api/projects/{project}/webhooks", new { url = receiver.Address, events = new[] { "deployment.failed" } })));
        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(3);
        await answers.First(answer => !answer.IsSuccessStatusCode).ShouldBeErrorAsync(409, "TOO_MANY_WEBHOOKS");

        var hook = (await user.GetJsonAsync($"/api/projects/{project}/webhooks")).GetProperty("webhooks")[0].GetProperty("id").GetGuid();
        for (var number = 1; number <= 8; number++)
        {
            await user.Client.PostAsync($"{Path(project, hook)}/test", null);
            var expected = number;
            await Eventually.TrueAsync(() => receiver.Calls.Count == expected);
            await Eventually.TrueAsync(async () => (await DeliveriesAsync(user, project, hook)).All(row => row.GetProperty("state").GetString() == "delivered"));
        }

        (await DeliveriesAsync(user, project, hook)).Count.ShouldBe(5);
        var page = await user.GetJsonAsync($"{Path(project, hook)}/deliveries?limit=3");
        var rest = await user.GetJsonAsync($"{Path(project, hook)}/deliveries?limit=3&cursor={page.GetProperty("nextCursor").GetString()}");
        rest.GetProperty("deliveries").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("ftp://example.com/", "deployment.failed")]
    [InlineData("http://user:password@example.com/", "deployment.failed")]
    [InlineData("https://example.com/", "deployment.unknown")]
    [InlineData("https://example.com/", null)]
    [InlineData(null, "deployment.failed")]
    public async Task A_wrong_request_is_refused(string? url, string? name)
    {
        var (user, project) = await StartAsync();

        var answer = await user.Client.PostAsJsonAsync($"/api/projects/{project}/webhooks", new { url, events = name is null ? [] : new[] { name } });

        await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Private_addresses_are_refused_where_they_are_not_allowed_when_entered_and_when_called()
    {
        await using var receiver = await HookReceiver.StartAsync(_ => 200);
        await using var strict = api.With(("Webhooks:AllowPrivateHosts", "false"));
        var (user, project) = await StartAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        foreach (var url in new[] { receiver.Address, "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://localhost/", "http://intranet/" })
        {
            var answer = await client.PostAsJsonAsync($"/api/projects/{project}/webhooks", new { url, events = new[] { "deployment.failed" } });
            await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        }

        await using var scope = strict.Services.CreateAsyncScope();
        var secrets = scope.ServiceProvider.GetRequiredService<Platform.Api.Webhooks.WebhookSecrets>();
        var sender = scope.ServiceProvider.GetRequiredService<Platform.Api.Webhooks.WebhookSender>();
        var delivery = new WebhookDelivery { Id = Guid.NewGuid(), Event = "ping", EventKey = "x", Payload = "{}" };
        foreach (var url in new[] { receiver.Address, receiver.Address.Replace("127.0.0.1", "localhost.", StringComparison.Ordinal) })
        {
            var hook = new Webhook { Url = url, Events = [], Secret = secrets.Protect("secret") };
            (await sender.SendAsync(hook, delivery, CancellationToken.None)).Error.ShouldNotBeNull();
        }

        receiver.Calls.ShouldBeEmpty();
    }

    private async Task<(ApiUser User, Guid Project)> StartAsync()
    {
        var user = await api.SignUpAsync();
        return (user, await api.AddProjectAsync(user));
    }

    private async Task FailAsync(ApiUser user, Guid project) => await api.MoveAsync(await api.AddDeploymentAsync(user, project), "failed");

    private static async Task<(Guid Id, string Secret)> AddAsync(ApiUser user, Guid project, string url, string[] events, bool allProjects = false)
    {
        var body = await (await user.Client.PostAsJsonAsync($"/api/projects/{project}/webhooks", new { url, events, allProjects })).ReadJsonAsync();
        return (body.GetProperty("webhook").GetProperty("id").GetGuid(), body.GetProperty("secret").GetString()!);
    }

    private static string Path(Guid project, Guid hook) => $"/api/projects/{project}/webhooks/{hook}";

    private static async Task<List<JsonElement>> DeliveriesAsync(ApiUser user, Guid project, Guid hook) =>
        [.. (await user.GetJsonAsync($"{Path(project, hook)}/deliveries")).GetProperty("deliveries").EnumerateArray()];

    private static async Task<JsonElement> UntilAsync(ApiUser user, Guid project, Guid hook, string state) =>
        (await Eventually.ValueAsync(() => DeliveriesAsync(user, project, hook), rows => rows.Exists(row => row.GetProperty("state").GetString() == state)))[0];

    private static List<string> Told(List<JsonElement> bodies, Guid deployment) =>
        [.. bodies.Where(body => body.GetProperty("deployment").GetProperty("id").GetGuid() == deployment).Select(Event).Order(StringComparer.Ordinal)];

    private static string Event(JsonElement body) => body.GetProperty("event").GetString()!;

    private static bool IsSigned(HookCall call, string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{call.Headers["X-Autostack-Timestamp"]}."), .. call.Body];
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        return call.Headers["X-Autostack-Signature"].ToString().Split(',').Contains(expected);
    }
}
