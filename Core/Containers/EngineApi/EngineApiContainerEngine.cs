using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Platform.Core.Containers.EngineApi;

/// <summary>The container engine over Docker's REST API (1.41 and newer); see https://docs.docker.com/reference/api/engine/.</summary>
internal sealed partial class EngineApiContainerEngine(EngineEndpoint endpoint, TimeSpan requestTimeout, TimeProvider time) : IContainerEngine, IDisposable
{
    private readonly EngineTransport _transport = new(endpoint, requestTimeout);

    public async Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        var info = await _transport.CallAsync(HttpMethod.Get, "info", null, EngineJson.Default.EngineInfoAnswer, cancellationToken);
        var version = await _transport.GetVersionAsync(cancellationToken);
        return new EngineInfo(info.ServerVersion ?? "", version.ToString(), info.CgroupVersion == "2" ? 2 : 1, [.. (info.Runtimes ?? []).Keys]);
    }

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = JsonSerializer.SerializeToUtf8Bytes(EngineRequests.Create(spec), EngineJson.Default.ContainerCreation);
        var path = spec.Name is null ? "containers/create" : "containers/create?name=" + Uri.EscapeDataString(spec.Name);

        // Giving up in the middle would leave a container that nobody knows: it is short, so it is finished first.
        var created = await _transport.CallAsync(HttpMethod.Post, path, body, EngineJson.Default.EngineId, CancellationToken.None);
        if (!cancellationToken.IsCancellationRequested) return created.Id;

        await RemoveAsync(created.Id, CancellationToken.None);
        throw new OperationCanceledException(cancellationToken);
    }

    public Task StartAsync(string containerId, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Post, Container(containerId, "start"), null, cancellationToken, HttpStatusCode.NotModified);

    public async Task<IContainerStream> AttachAsync(string containerId, CancellationToken cancellationToken)
    {
        // Engines before API 1.42 do not say whether the stream has frames: the container's terminal does.
        var version = await _transport.GetVersionAsync(cancellationToken);
        var told = version >= new Version(1, 42);
        var tty = !told && (await InspectAsync(containerId, cancellationToken)).Config.Tty;
        var connection = await _transport.UpgradeAsync(Container(containerId, "attach?stream=1&stdin=1&stdout=1&stderr=1"), null, cancellationToken);
        return new EngineStream(connection, told ? connection.IsMultiplexed : !tty);
    }

    public Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Post, EngineRequests.Resize("containers/" + EngineRequests.Segment(containerId), size), null, cancellationToken);

    public async Task<IContainerExec> ExecAsync(string containerId, ExecSpec spec, CancellationToken cancellationToken)
    {
        var creation = new ExecCreation(spec.Command, EngineRequests.Variables(spec.Environment), spec.WorkingDirectory, spec.User, spec.Tty, spec.OpenStdin, true, true);
        var body = JsonSerializer.SerializeToUtf8Bytes(creation, EngineJson.Default.ExecCreation);
        var exec = await _transport.CallAsync(HttpMethod.Post, Container(containerId, "exec"), body, EngineJson.Default.EngineId, cancellationToken);

        var start = JsonSerializer.SerializeToUtf8Bytes(new ExecStart(Detach: false, spec.Tty), EngineJson.Default.ExecStart);
        var connection = await _transport.UpgradeAsync($"exec/{exec.Id}/start", start, cancellationToken);
        var stream = new EngineExec(_transport, time, exec.Id, connection, spec.Tty);
        if (spec is not { Tty: true, Size: { } size }) return stream;
        try
        {
            await stream.ResizeAsync(size, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async Task CopyToAsync(string containerId, string directory, Stream tar, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(tar);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        var path = Container(containerId, "archive?path=" + Uri.EscapeDataString(directory));
        using var response = await _transport.OpenAsync(HttpMethod.Put, path, content, bounded: false, cancellationToken);
    }

    public async Task<Stream> CopyFromAsync(string containerId, string path, CancellationToken cancellationToken)
    {
        var target = Container(containerId, "archive?path=" + Uri.EscapeDataString(path));
        var response = await _transport.OpenAsync(HttpMethod.Get, target, null, bounded: true, cancellationToken);
        // Closing the content's stream gives the connection back.
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    public async Task<ContainerExit> WaitAsync(string containerId, CancellationToken cancellationToken)
    {
        using var response = await _transport.OpenAsync(HttpMethod.Post, Container(containerId, "wait"), null, bounded: false, cancellationToken);
        var answer = await _transport.ReadAsync(response, EngineJson.Default.WaitAnswer, cancellationToken, cancellationToken);
        if (answer.Error?.Message is { Length: > 0 } message) throw new ContainerEngineException(ContainerEngineError.Failed, message);

        var state = (await InspectAsync(containerId, cancellationToken)).State;
        if (state.Status == "created") throw new ContainerEngineException(ContainerEngineError.Conflict, "The container has not been started.");
        return new ContainerExit(answer.StatusCode, state.OOMKilled);
    }

    public Task UpdateAsync(string containerId, ContainerLimits limits, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(EngineRequests.Update(limits), EngineJson.Default.ContainerUpdate);
        return _transport.SendAsync(HttpMethod.Post, Container(containerId, "update"), body, cancellationToken);
    }

    public Task KillAsync(string containerId, string signal, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Post, Container(containerId, "kill?signal=" + Uri.EscapeDataString(signal)), null, cancellationToken, HttpStatusCode.Conflict);

    public async Task PauseAsync(string containerId, CancellationToken cancellationToken)
    {
        var status = await _transport.SendAsync(HttpMethod.Post, Container(containerId, "pause"), null, cancellationToken, HttpStatusCode.Conflict);
        if (status != HttpStatusCode.Conflict) return;
        // The same answer for one that is frozen and for one that does not run.
        if (!(await InspectAsync(containerId, cancellationToken)).State.Running) throw new ContainerEngineException(ContainerEngineError.Conflict, "The container does not run.");
    }

    // Engines answer with a conflict, older ones with a failure, when there is nothing to resume.
    public Task ResumeAsync(string containerId, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Post, Container(containerId, "unpause"), null, cancellationToken, HttpStatusCode.Conflict, HttpStatusCode.InternalServerError);

    public async Task<ContainerStats> GetStatsAsync(string containerId, CancellationToken cancellationToken)
    {
        var path = Container(containerId, "stats?stream=0&one-shot=1");
        var stats = await _transport.CallAsync(HttpMethod.Get, path, null, EngineJson.Default.StatsAnswer, cancellationToken);
        // Page cache that can be dropped at once is not use; cgroup v1 names the sum of the subtree differently.
        var cache = stats.Memory?.Detail?.TotalInactiveFile ?? stats.Memory?.Detail?.InactiveFile ?? 0;
        var memory = Math.Max(0, (stats.Memory?.Usage ?? 0) - cache);
        var cpu = TimeSpan.FromTicks((stats.Cpu?.Usage?.TotalNanoseconds ?? 0) / TimeSpan.NanosecondsPerTick);
        return new ContainerStats(memory, stats.Memory?.MaxUsage ?? 0, cpu, stats.Pids?.Current ?? 0);
    }

    public async Task<ContainerState?> FindAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await InspectAsync(containerId, cancellationToken);
            var ended = !found.State.Running && found.State.Status != "created";
            return new ContainerState(found.Id, found.State.Running, ended ? found.State.ExitCode : null, found.State.OOMKilled, found.Config.Labels ?? []);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            return null;
        }
    }

    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken)
    {
        var path = $"containers/{EngineRequests.Segment(containerId)}?force=1&v=1";
        var status = await _transport.SendAsync(HttpMethod.Delete, path, null, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
        if (status == HttpStatusCode.Conflict) await UntilRemovedAsync(containerId, cancellationToken);
    }

    public async Task<IReadOnlyList<ContainerSummary>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var path = "containers/json?all=1&filters=" + EngineRequests.LabelFilter(labels);
        var found = await _transport.CallAsync(HttpMethod.Get, path, null, EngineJson.Default.ListListedContainer, cancellationToken);
        return [.. found.Select(item => new ContainerSummary(
            item.Id,
            item.Image ?? "",
            item.State == "running",
            DateTimeOffset.FromUnixTimeSeconds(item.Created),
            item.Labels ?? []))];
    }

    public void Dispose() => _transport.Dispose();

    private static string Container(string id, string call) => $"containers/{EngineRequests.Segment(id)}/{call}";

    private Task<ContainerInspection> InspectAsync(string containerId, CancellationToken cancellationToken) =>
        _transport.CallAsync(HttpMethod.Get, Container(containerId, "json"), null, EngineJson.Default.ContainerInspection, cancellationToken);

    /// <summary>Somebody else removes it already: done when it is gone.</summary>
    private async Task UntilRemovedAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _transport.OpenAsync(HttpMethod.Post, Container(containerId, "wait?condition=removed"), null, bounded: false, cancellationToken);
            await _transport.ReadAsync(response, EngineJson.Default.WaitAnswer, cancellationToken, cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            // Gone between the two questions.
        }
    }
}
