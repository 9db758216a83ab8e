using System.Net.Http.Json;
using System.Net.WebSockets;
using Platform.Testing;

namespace Platform.Api.Tests.Auth;

/// <summary>An open socket ends with its session, although its token was looked at long before.</summary>
[Trait("Category", "Integration")]
public sealed class SocketSessionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_socket_ends_with_the_session_that_opened_it_and_others_go_on()
    {
        var user = await api.SignUpAsync();
        var calm = await api.SignUpAsync();
        using var socket = await OpenAsync(user);
        using var other = await OpenAsync(calm);
        var ended = ReadToEndAsync(socket);
        var going = ReadToEndAsync(other);

        await user.Client.PostAsync("/api/auth/logout", null);

        await Eventually.TrueAsync(() => ended.IsCompleted);
        going.IsCompleted.ShouldBeFalse();
    }

    private async Task<WebSocket> OpenAsync(ApiUser user)
    {
        var created = await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main" })).ReadJsonAsync();
        var address = new Uri(api.Server.BaseAddress, $"/api/deployments/{created.GetProperty("id").GetGuid()}/logs/stream?token={user.AccessToken}");
        return await api.Server.CreateWebSocketClient().ConnectAsync(address, CancellationToken.None);
    }

    private static async Task ReadToEndAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // What the stream says does not matter here.
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The server hung up.
        }
    }
}
