using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Execution;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Access;

/// <summary>Sockets that are open at one instance end soon after another one has ended what opened them.</summary>
[Trait("Category", "Integration")]
public sealed class SocketWatchTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    // Nothing else ends them before that.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public enum Socket
    {
        Logs,
        Notifications,
        Run,
        Piston,
    }

    public enum End
    {
        SignOut,
        SignOutElsewhere,
        Closing,
        Revocation,
    }

    public static TheoryData<Socket, End> Cases
    {
        get
        {
            var cases = new TheoryData<Socket, End>();
            foreach (var (socket, end) in Enum.GetValues<Socket>().SelectMany(socket => Enum.GetValues<End>().Select(end => (socket, end))))
            {
                // Notifications are for people only.
                if ((socket, end) != (Socket.Notifications, End.Revocation)) cases.Add(socket, end);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_socket_ends_with_what_opened_it_and_others_go_on(Socket kind, End end)
    {
        var other = fixture.Start();
        var (user, calm) = (await fixture.Api.SignUpAsync(), await fixture.Api.SignUpAsync());
        (string Text, Guid Id)? token = end == End.Revocation ? await NewTokenAsync(user) : null;
        using var socket = await OpenAsync(kind, user, token?.Text ?? user.AccessToken);
        using var going = await OpenAsync(kind, calm, calm.AccessToken);
        var (reading, goingOn) = (ReadToEndAsync(socket), ReadToEndAsync(going));

        await EndAsync(end, user, token?.Id, other);

        await reading.WaitAsync(Limit);
        goingOn.IsCompleted.ShouldBeFalse();
        await other.StopAsync();
    }

    [Fact]
    public async Task A_program_ends_with_the_session_of_its_socket()
    {
        var (started, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        fixture.Workers.On("watched", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            started.SetResult();
            try
            {
                while ((await worker.ReceiveAsync()).Kind != RunMessageKind.Cancel)
                {
                    // It takes what comes until it is told to stop.
                }
            }
            finally
            {
                gone.SetResult();
            }
        });
        var user = await fixture.Api.SignUpAsync();
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/s", user.AccessToken);
        await socket.SendAsync(new { type = "start", language = "python", code = "watched" });
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        (await user.Client.PostAsync("/api/auth/logout", null)).EnsureSuccessStatusCode();

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<TestSocket> OpenAsync(Socket kind, ApiUser user, string credential)
    {
        switch (kind)
        {
            case Socket.Logs:
                return await fixture.Api.ConnectAsync($"/api/deployments/{await NewDeploymentAsync(user)}/logs/stream", credential);
            case Socket.Notifications:
                return await fixture.Api.ConnectAsync("/api/notifications/stream", credential);
            case Socket.Run:
                var run = await fixture.Api.ConnectAsync("/api/execute/stream/s", credential);
                await run.SendAsync(new { type = "start", language = "python", code = "waits" });
                await run.ReceiveAsync("stage");
                return run;
            default:
                var piston = await fixture.Api.ConnectAsync("/api/v2/connect", credential);
                await piston.SendAsync(new { type = "init", language = "py", version = "*", files = new[] { new { content = "waits" } } });
                await piston.ReceiveAsync("runtime");
                return piston;
        }
    }

    private async Task EndAsync(End end, ApiUser user, Guid? token, ApiInstance other)
    {
        using var elsewhere = other.CreateClient(user.AccessToken);
        switch (end)
        {
            case End.SignOut:
                (await user.Client.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            case End.SignOutElsewhere:
                (await elsewhere.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            case End.Closing:
                using (var admin = other.CreateClient((await NewAdministratorAsync()).AccessToken))
                    (await admin.PostAsync($"/api/admin/users/{user.Id}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            default:
                (await elsewhere.DeleteAsync($"/api/user/tokens/{token}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
        }
    }

    private async Task<Guid> NewDeploymentAsync(ApiUser user)
    {
        var project = new Project { Id = Guid.CreateVersion7(), OwnerId = user.Id, UserId = user.Id, Name = "site", Slug = $"s-{Guid.NewGuid():N}", Repository = "https://git.example.com/a/b" };
        var deployment = new Deployment { Id = Guid.CreateVersion7(), OwnerId = user.Id, UserId = user.Id, ProjectId = project.Id, Branch = "main" };
        await using var database = fixture.CreateContext();
        database.AddRange(project, deployment);
        await database.SaveChangesAsync();
        return deployment.Id;
    }

    private async Task<ApiUser> NewAdministratorAsync()
    {
        // The first account of the database has made the role.
        var user = await fixture.Api.SignUpAsync();
        await using var database = fixture.CreateContext();
        await database.Database.ExecuteSqlAsync($"INSERT INTO user_roles (user_id, role_id) SELECT {user.Id}, id FROM roles WHERE name = 'admin' ON CONFLICT DO NOTHING");
        return user;
    }

    private static async Task<(string Text, Guid Id)> NewTokenAsync(ApiUser user)
    {
        var body = await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "socket", scopes = new[] { "execute", "deployments:read" } })).ReadJsonAsync();
        return (body.GetProperty("token").GetString()!, body.GetProperty("details").GetProperty("id").GetGuid());
    }

    private static async Task ReadToEndAsync(TestSocket socket)
    {
        try
        {
            await socket.ReceiveAllAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The server hung up.
        }
    }
}
