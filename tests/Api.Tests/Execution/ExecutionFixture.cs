using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>Instances of the Api on real ports, where workers and raw clients reach them, on stores of this class, and a fake worker on the queue.</summary>
public sealed class ExecutionFixture : IAsyncLifetime, IDisposable
{
    private readonly ApiFactory _factory = new();
    private readonly List<ApiInstance> _instances = [];
    private FakeWorkers? _workers;

    /// <summary>The instance that most tests speak to.</summary>
    public ApiInstance Api => _instances[0];

    internal FakeWorkers Workers => _workers ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public PlatformDbContext CreateContext() => _factory.CreateContext();

    public async Task InitializeAsync()
    {
        await ((IAsyncLifetime)_factory).InitializeAsync();
        _workers = await FakeWorkers.StartAsync(_factory.Database);
        Start();
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _instances) await instance.StopAsync();
        if (_workers is not null) await _workers.DisposeAsync();
        await ((IAsyncLifetime)_factory).DisposeAsync();
    }

    public void Dispose() => _factory.Dispose();

    /// <summary>One more instance.</summary>
    public ApiInstance Start(params (string Key, string Value)[] settings)
    {
        // What is looked for comes at once; what would be given up has time, also on a machine that stands still for a while.
        (string, string)[] quick =
        [
            ("urls", "http://127.0.0.1:0"), ("Execution:Async:PollInterval", "00:00:00.100"), ("Execution:Async:Lease", "00:00:15"), ("Execution:Callbacks:PollInterval", "00:00:00.100"),
            ("Execution:Callbacks:RetryDelay", "00:00:00.050"), ("Execution:Callbacks:Timeout", "00:00:10"), ("Execution:StartTimeout", "00:01:00"),
            ("Execution:CancelTimeout", "00:00:08"), ("Execution:Stream:InitTimeout", "00:01:00"),
        ];
        var factory = _factory.With([.. quick, .. settings]);
        factory.UseKestrel();
        factory.StartServer();
        var instance = new ApiInstance(factory);
        _instances.Add(instance);
        return instance;
    }
}

/// <summary>An instance of the Api.</summary>
public sealed class ApiInstance(WebApplicationFactory<Program> factory)
{
    private bool _stopped;

    public Uri Address { get; } = new(factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IServiceProvider Services => factory.Services;

    public HttpClient CreateClient(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A new account, signed in.</summary>
    public async Task<ApiUser> SignUpAsync()
    {
        using var client = CreateClient();
        var email = $"{Guid.NewGuid():N}@example.com";
        var response = await client.PostAsJsonAsync("/api/auth/signup", new { name = "Test Person", email, password = ApiFactory.Password });
        var body = await response.ReadJsonAsync();
        var token = body.GetProperty("accessToken").GetString()!;
        return new ApiUser(CreateClient(token), body.GetProperty("user").GetProperty("id").GetGuid(), email, token, "");
    }

    /// <summary>Posts JSON and reads JSON, whatever the status.</summary>
    public static async Task<(int Status, JsonElement Body)> PostAsync(HttpClient client, string path, object request)
    {
        using var response = await client.PostAsJsonAsync(path, request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// <summary>Asks until the run is over.</summary>
    public static Task<JsonElement> WaitForEndAsync(HttpClient client, Guid id) => Eventually.ValueAsync(
        async () => await (await client.GetAsync($"/api/execute/{id}")).ReadJsonAsync(), run => run.GetProperty("completed").GetBoolean());

    public async Task<TestSocket> ConnectAsync(string path, string? token = null)
    {
        var socket = new ClientWebSocket();
        if (token is not null) socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new UriBuilder(new Uri(Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None);
        return new TestSocket(socket);
    }

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await factory.DisposeAsync();
    }
}

/// <summary>A caller's end of a socket.</summary>
public sealed class TestSocket(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public string? CloseReason => socket.CloseStatusDescription;

    public Task SendAsync(object frame) => socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public Task SendTextAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public Task SendBinaryAsync(byte[] data) => socket.SendAsync(data, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    /// <summary>The next frame; null at the close.</summary>
    public async Task<(bool IsBinary, byte[] Payload)?> ReceiveRawAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var payload = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            payload.Write(buffer, 0, received.Count);
            if (received.EndOfMessage) return (received.MessageType == WebSocketMessageType.Binary, payload.ToArray());
        }
    }

    public async Task<JsonElement?> ReceiveAsync() => await ReceiveRawAsync() is { } frame ? JsonElement.Parse(frame.Payload) : null;

    /// <summary>Reads until a frame of this type, which it returns.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        while (await ReceiveAsync() is { } frame)
        {
            if (frame.GetProperty("type").GetString() == type) return frame;
        }

        throw new InvalidOperationException($"Closed with {socket.CloseStatus} {socket.CloseStatusDescription} before a frame '{type}'.");
    }

    /// <summary>Everything until the close.</summary>
    public async Task<List<JsonElement>> ReceiveAllAsync()
    {
        var frames = new List<JsonElement>();
        while (await ReceiveAsync() is { } frame) frames.Add(frame);
        return frames;
    }

    /// <summary>The other side has closed, and waits for this.</summary>
    public Task AnswerCloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public Task CloseAsync() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public void Abort() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
