using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Core.Containers.EngineApi;

/// <summary>HTTP to the engine: pooled connections, the negotiated version, failures as <see cref="ContainerEngineException"/>.</summary>
internal sealed class EngineTransport : IDisposable
{
    /// <summary>The newest version of the API this code was written against.</summary>
    private static readonly Version Newest = new(1, 47);

    /// <summary>Older engines lack one-shot statistics.</summary>
    private static readonly Version Oldest = new(1, 41);

    private readonly EngineEndpoint _endpoint;
    private readonly TimeSpan _timeout;
    private readonly HttpClient _http;
    private Version? _version;

    public EngineTransport(EngineEndpoint endpoint, TimeSpan timeout)
    {
        _endpoint = endpoint;
        _timeout = timeout;
        _http = new HttpClient(CreateHandler(endpoint)) { BaseAddress = new Uri($"http://{endpoint.Host}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The version both sides speak; asked once, and again after the engine was away.</summary>
    public async ValueTask<Version> GetVersionAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known) return known;
        using var request = new HttpRequestMessage(HttpMethod.Get, "_ping");
        using var response = await SendAsync(request, bounded: true, cancellationToken);
        var offered = response.Headers.TryGetValues("Api-Version", out var values) && Version.TryParse(values.First(), out var parsed) ? parsed : Oldest;
        if (offered < Oldest)
        {
            throw new ContainerEngineException(ContainerEngineError.Failed, $"The engine speaks version {offered} of the API; {Oldest} or newer is needed.");
        }

        return _version = offered < Newest ? offered : Newest;
    }

    /// <summary>Sends a request with a JSON body (or none) and reads a JSON answer.</summary>
    public async Task<T> CallAsync<T>(HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        using var response = await OpenAsync(method, path, Json(body), bounded: true, cancellationToken);
        return await ReadAsync(response, type, limit.Token, cancellationToken);
    }

    /// <summary>Sends a request whose answer has no content that matters. Outcomes listed in <paramref name="accepted"/> are no failure.</summary>
    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken, params HttpStatusCode[] accepted)
    {
        using var request = new HttpRequestMessage(method, await VersionedAsync(path, cancellationToken)) { Content = Json(body) };
        using var response = await SendAsync(request, bounded: true, cancellationToken, accepted);
        return response.StatusCode;
    }

    /// <summary>Sends a request and hands out the answer before its content has arrived.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? content, bool bounded, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, await VersionedAsync(path, cancellationToken)) { Content = content };
        return await SendAsync(request, bounded, cancellationToken);
    }

    /// <summary>Turns a request into a raw connection to a process.</summary>
    public async Task<EngineUpgrade> UpgradeAsync(string path, byte[]? body, CancellationToken cancellationToken)
    {
        var target = await VersionedAsync(path, cancellationToken);
        using var limit = Limit(cancellationToken);
        try
        {
            return await EngineUpgrade.OpenAsync(_endpoint, "/" + target, body, limit.Token);
        }
        catch (Exception exception) when (exception is not ContainerEngineException)
        {
            throw Translate(exception, cancellationToken);
        }
    }

    /// <summary>Reads the rest of an answer as JSON.</summary>
    public async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken limited, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(limited);
            return await JsonSerializer.DeserializeAsync(stream, type, limited)
                ?? throw new ContainerEngineException(ContainerEngineError.Failed, "The engine answered with nothing.");
        }
        catch (Exception exception) when (exception is not ContainerEngineException)
        {
            throw Translate(exception, cancellationToken);
        }
    }

    /// <summary>What went wrong between here and the engine, in the seam's terms; a cancellation by the caller stays one.</summary>
    public Exception Translate(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested) return exception;
        if (exception is JsonException) return new ContainerEngineException(ContainerEngineError.Failed, "The engine's answer is not understood.", exception);
        if (exception is not (HttpRequestException or IOException or SocketException or OperationCanceledException)) return exception;
        _version = null;
        var reason = exception is OperationCanceledException ? $"did not answer within {_timeout.TotalSeconds:0} s" : "cannot be reached";
        return new ContainerEngineException(ContainerEngineError.Unavailable, $"The container engine at {_endpoint.Address} {reason}.", exception);
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(EngineEndpoint endpoint) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        // The engine has no use for trace headers.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectCallback = async (_, cancellationToken) => new NetworkStream(await endpoint.ConnectAsync(cancellationToken), ownsSocket: true),
    };

    private static ByteArrayContent? Json(byte[]? body)
    {
        if (body is null) return null;
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async ValueTask<string> VersionedAsync(string path, CancellationToken cancellationToken)
    {
        var version = await GetVersionAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"v{version.Major}.{version.Minor}/{path}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool bounded, CancellationToken cancellationToken, params HttpStatusCode[] accepted)
    {
        HttpResponseMessage? response = null;
        using var limit = bounded ? Limit(cancellationToken) : null;
        var token = limit?.Token ?? cancellationToken;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            if (response.IsSuccessStatusCode || accepted.Contains(response.StatusCode)) return response;
            throw EngineErrors.Create(response.StatusCode, await response.Content.ReadAsStringAsync(token));
        }
        catch (Exception exception)
        {
            response?.Dispose();
            if (exception is ContainerEngineException) throw;
            throw Translate(exception, cancellationToken);
        }
    }

    private CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(_timeout);
        return source;
    }
}
