using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Notifications;
using Platform.Api.Notifications;
using Platform.Api.Tests.Mail;
using Platform.Api.Tests.Organizations;
using Platform.Testing;

namespace Platform.Api.Tests.Notifications;

[Trait("Category", "Integration")]
public sealed class NotificationsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task End_of_a_deployment_is_told_once_and_mailed()
    {
        var user = await api.SignUpAsync();
        var (good, bad) = (await DeployAsync(user), await DeployAsync(user));

        await api.MoveAsync(good, "success");
        await api.MoveAsync(bad, "failed", "The install command failed.");

        var list = await WaitForAsync(user, 2);
        list.Select(entry => entry.GetProperty("type").GetString()).ShouldBe(["deployment.succeeded", "deployment.failed"], ignoreOrder: true);
        var failed = list.Single(entry => entry.GetProperty("type").GetString() == "deployment.failed");
        failed.GetProperty("data").GetProperty("deploymentId").GetGuid().ShouldBe(bad);
        failed.GetProperty("message").GetString()!.ShouldContain("The install command failed.");
        failed.GetProperty("link").GetString().ShouldBe($"/deployments/{bad}");
        (await api.WaitForMailAsync(user.Email, "shop is deployed")).Link.ShouldBe($"{ApiFactory.Frontend}/deployments/{good}");
        await api.WaitForMailAsync(user.Email, "The deployment of shop failed");
    }

    [Theory]
    [InlineData(true, false, true, 1, 1)]
    [InlineData(false, true, true, 2, 0)]
    [InlineData(true, false, false, 0, 0)]
    public async Task Preferences_decide(bool mail, bool success, bool failure, int told, int mailed)
    {
        var user = await api.SignUpAsync();
        await api.PreferAsync(user, mail, success, failure);
        var (good, bad) = (await DeployAsync(user), await DeployAsync(user));
        await api.MoveAsync(good, "success");
        await api.MoveAsync(bad, "failed");

        await JobsAreDoneAsync(good, bad);

        (await ListAsync(user)).Count.ShouldBe(told);
        var mails = await api.ReadMailsAsync(user.Email);
        if (mailed > 0) await api.WaitForMailAsync(user.Email, "The deployment of shop failed");
        else mails.ShouldAllBe(each => !each.Subject.Contains("shop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_is_told_once_also_by_many_at_once()
    {
        var user = await api.SignUpAsync();

        var told = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => NotifyAsync(user.Id, $"title {number}", key: "same")));

        told.Count(each => each).ShouldBe(1);
        (await ListAsync(user)).ShouldHaveSingleItem();
        (await NotifyAsync(Guid.NewGuid(), "nobody")).ShouldBeFalse();
    }

    [Fact]
    public async Task Numbers_rise_and_pages_meet()
    {
        var user = await api.SignUpAsync();
        await Task.WhenAll(Enumerable.Range(0, 25).Select(number => NotifyAsync(user.Id, $"title {number}")));

        var first = await user.GetJsonAsync("/api/notifications?limit=10");
        var second = await user.GetJsonAsync($"/api/notifications?limit=10&cursor={first.GetProperty("nextCursor").GetInt64()}");
        var third = await user.GetJsonAsync($"/api/notifications?limit=10&cursor={second.GetProperty("nextCursor").GetInt64()}");

        third.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("unread").GetInt32().ShouldBe(25);
        new[] { first, second, third }.SelectMany(page => page.GetProperty("notifications").EnumerateArray()).Select(Seq)
            .ShouldBe(Enumerable.Range(1, 25).Reverse().Select(number => (long)number));
    }

    [Fact]
    public async Task Reading_and_deleting_count_down()
    {
        var user = await api.SignUpAsync();
        for (var number = 0; number < 4; number++) await NotifyAsync(user.Id, $"title {number}");
        var ids = (await ListAsync(user)).Select(entry => entry.GetProperty("id").GetGuid()).ToList();

        (await user.Client.PostAsync($"/api/notifications/{ids[0]}/read", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await user.Client.PostAsync($"/api/notifications/{ids[0]}/read", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await UnreadAsync(user)).ShouldBe(3);
        (await user.GetJsonAsync("/api/notifications?unread=true")).GetProperty("notifications").GetArrayLength().ShouldBe(3);
        var upTo = await (await user.Client.PostAsJsonAsync("/api/notifications/read", new { upTo = 2 })).ReadJsonAsync();
        upTo.GetProperty("updated").GetInt32().ShouldBe(2);
        upTo.GetProperty("unread").GetInt32().ShouldBe(1);
        (await user.Client.DeleteAsync($"/api/notifications/{ids[1]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await UnreadAsync(user)).ShouldBe(0);
        await (await user.Client.DeleteAsync($"/api/notifications/{ids[1]}")).ShouldBeErrorAsync(404, "NOTIFICATION_NOT_FOUND");
        (await user.Client.DeleteAsync("/api/notifications")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(user)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("cursor=-1")]
    public async Task A_wrong_query_is_refused(string query)
    {
        var user = await api.SignUpAsync();

        await (await user.Client.GetAsync($"/api/notifications?{query}")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Open_page_is_told_and_one_that_comes_back_misses_nothing()
    {
        var user = await api.SignUpAsync();
        await NotifyAsync(user.Id, "before");
        using (var first = await ConnectAsync(user))
        {
            (await ReadAsync(first)).GetProperty("unread").GetInt32().ShouldBe(1);
            await NotifyAsync(user.Id, "while open");
            (await ReadAsync(first)).GetProperty("notification").GetProperty("title").GetString().ShouldBe("while open");
            (await ReadAsync(first)).GetProperty("unread").GetInt32().ShouldBe(2);
            await user.Client.PostAsJsonAsync("/api/notifications/read", new { });
            (await ReadAsync(first)).GetProperty("unread").GetInt32().ShouldBe(0);
            first.Abort();
        }

        for (var number = 0; number < 250; number++) await NotifyAsync(user.Id, $"away {number}");
        using var second = await ConnectAsync(user, after: 2);
        for (var number = 0; number < 250; number++) Seq(await ReadAsync(second)).ShouldBe(3 + number);
        (await ReadAsync(second)).GetProperty("unread").GetInt32().ShouldBe(250);
    }

    [Fact]
    public async Task Only_the_newest_are_kept()
    {
        var user = await api.SignUpAsync();
        await NotifyAsync(user.Id, "first");
        await using (var database = api.CreateContext())
        {
            await database.NotificationCounters.Where(row => row.UserId == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeq, Notifier.Kept));
        }

        await NotifyAsync(user.Id, "last");

        (await ListAsync(user)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("last");
    }

    [Fact]
    public async Task Invitations_and_what_concerns_safety_are_told()
    {
        var (owner, guest) = (await api.SignUpAsync(), await api.SignUpAsync());
        var organization = await owner.CreateOrganizationAsync("Wharf");
        (await owner.InviteAsync(organization, guest.Email)).EnsureSuccessStatusCode();
        (await ListAsync(guest)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Invitation to Wharf");

        var token = await api.ReadInvitationAsync(guest.Email);
        (await guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).EnsureSuccessStatusCode();
        (await ListAsync(owner)).ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("invitation.accepted");

        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IAuditLog>().RecordAsync(new AuditEntry(AuditActions.TwoFactorDisabled, guest.Id, "user", guest.Id.ToString()), CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<IAuditLog>().RecordAsync(new AuditEntry(AuditActions.SignedIn, guest.Id, "user", guest.Id.ToString()), CancellationToken.None);
        (await ListAsync(guest)).Select(entry => entry.GetProperty("type").GetString()).ShouldBe(["security", "invitation.received"]);
    }

    private async Task<Guid> DeployAsync(ApiUser user) => await api.AddDeploymentAsync(user, await api.AddProjectAsync(user));

    private async Task<bool> NotifyAsync(Guid userId, string title, string? key = null)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<INotifier>().NotifyAsync(
            userId, new NewNotification(NotificationTypes.Security, title, "message") { Key = key }, CancellationToken.None);
    }

    private async Task JobsAreDoneAsync(params Guid[] deployments)
    {
        await using var database = api.CreateContext();
        foreach (var id in deployments)
        {
            await Eventually.TrueAsync(async () => await database.Database.SqlQuery<int>(
                $"SELECT count(*)::int AS \"Value\" FROM jobs WHERE type = 'notify-deployment' AND state = 'succeeded' AND payload LIKE {$"%{id}%"}").SingleAsync() == 1);
        }
    }

    private static async Task<List<JsonElement>> ListAsync(ApiUser user) => [.. (await user.GetJsonAsync("/api/notifications")).GetProperty("notifications").EnumerateArray()];

    private static Task<List<JsonElement>> WaitForAsync(ApiUser user, int count) => Eventually.ValueAsync(() => ListAsync(user), list => list.Count >= count);

    private static async Task<int> UnreadAsync(ApiUser user) => (await user.GetJsonAsync("/api/notifications/unread")).GetProperty("unread").GetInt32();

    private Task<WebSocket> ConnectAsync(ApiUser user, long? after = null) => api.Server.CreateWebSocketClient().ConnectAsync(
        new Uri(api.Server.BaseAddress, $"/api/notifications/stream?token={user.AccessToken}{(after is null ? "" : $"&after={after}")}"), CancellationToken.None);

    private static async Task<JsonElement> ReadAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        return JsonElement.Parse(buffer.AsSpan(0, received.Count));
    }

    private static long Seq(JsonElement frame) => frame.GetProperty("seq").GetInt64();
}
