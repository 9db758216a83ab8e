using System.Net.Sockets;
using Docker.DotNet;
using Platform.Core.Containers.EngineApi;

namespace Platform.Core.Containers.DockerDotNet;

/// <summary>The package's clients for one engine, in a version of the API that the engine serves.</summary>
internal sealed class DockerDotNetConnection(ContainerOptions options) : IDisposable
{
    /// <summary>The version that the package's models describe.</summary>
    private static readonly Version Native = new(1, 41);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Clients? _clients;

    /// <summary>The negotiated version, once a call has been made.</summary>
    public string? ApiVersion => _clients?.Version.ToString();

    /// <summary>A call that ends by itself, within the configured time.</summary>
    public async Task<T> CallAsync<T>(Func<DockerClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call((await GetAsync(cancellationToken)).Quick);
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public Task CallAsync(Func<DockerClient, Task> call, CancellationToken cancellationToken) => CallAsync(
        async client =>
        {
            await call(client);
            return true;
        },
        cancellationToken);

    /// <summary>A call that lasts as long as its data.</summary>
    public async Task TransferAsync(Func<DockerClient, Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call((await GetAsync(cancellationToken)).Patient);
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public void Dispose()
    {
        _clients?.Dispose();
        _gate.Dispose();
    }

    /// <summary>A failure in the seam's terms; null when it stays as it is.</summary>
    private ContainerEngineException? Translate(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        DockerApiException refusal => EngineErrors.Create(refusal.StatusCode, refusal.ResponseBody ?? ""),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => Unavailable($"did not answer within {options.RequestTimeout.TotalSeconds:0} s", exception),
        HttpRequestException or IOException or SocketException or TimeoutException => Unavailable("cannot be reached", exception),
        _ => null,
    };

    private ContainerEngineException Unavailable(string reason, Exception exception) =>
        new(ContainerEngineError.Unavailable, $"The container engine at {options.Endpoint ?? "its default address"} {reason}.", exception);

    private async ValueTask<Clients> GetAsync(CancellationToken cancellationToken)
    {
        if (_clients is { } known) return known;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _clients ??= await ConnectAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Clients> ConnectAsync(CancellationToken cancellationToken)
    {
        using var configuration = Configure(options.RequestTimeout);
        using var client = configuration.CreateClient();
        var served = await client.System.GetVersionAsync(cancellationToken);
        var version = Native;
        if (Version.TryParse(served.MinAPIVersion, out var least) && version < least) version = least;
        if (Version.TryParse(served.APIVersion, out var most) && version > most) version = most;
        return new Clients(Configure(options.RequestTimeout), Configure(Timeout.InfiniteTimeSpan), version);
    }

    private DockerClientConfiguration Configure(TimeSpan timeout) => options.Endpoint is { } endpoint
        ? new DockerClientConfiguration(new Uri(endpoint), null, timeout)
        : new DockerClientConfiguration(null, timeout);

    private sealed class Clients(DockerClientConfiguration quick, DockerClientConfiguration patient, Version version) : IDisposable
    {
        public DockerClient Quick { get; } = quick.CreateClient(version);

        public DockerClient Patient { get; } = patient.CreateClient(version);

        public Version Version { get; } = version;

        public void Dispose()
        {
            Quick.Dispose();
            Patient.Dispose();
            quick.Dispose();
            patient.Dispose();
        }
    }
}
