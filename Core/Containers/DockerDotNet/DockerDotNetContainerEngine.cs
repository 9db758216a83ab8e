using Docker.DotNet;
using Docker.DotNet.Models;
using Platform.Core.Containers.EngineApi;

namespace Platform.Core.Containers.DockerDotNet;

/// <summary>The container engine over the package Docker.DotNet.</summary>
internal sealed partial class DockerDotNetContainerEngine(ContainerOptions options, TimeProvider time) : IContainerEngine, IDisposable
{
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromMilliseconds(20);

    private readonly DockerDotNetConnection _connection = new(options);

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => _connection.CallAsync(
        async client =>
        {
            var info = await client.System.GetSystemInfoAsync(cancellationToken);
            return new EngineInfo(info.ServerVersion ?? "", _connection.ApiVersion ?? "", info.CgroupVersion == "2" ? 2 : 1, [.. info.Runtimes?.Keys ?? []]);
        },
        cancellationToken);

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Giving up in the middle would leave a container that nobody knows: it is short, so it is finished first.
        var created = await _connection.CallAsync(
            client => client.Containers.CreateContainerAsync(DockerDotNetRequests.Create(spec), CancellationToken.None),
            CancellationToken.None);
        if (!cancellationToken.IsCancellationRequested) return created.ID;

        await RemoveAsync(created.ID, CancellationToken.None);
        throw new OperationCanceledException(cancellationToken);
    }

    public Task StartAsync(string containerId, CancellationToken cancellationToken) => _connection.CallAsync(
        client => client.Containers.StartContainerAsync(Id(containerId), new ContainerStartParameters(), cancellationToken),
        cancellationToken);

    public Task<IContainerStream> AttachAsync(string containerId, CancellationToken cancellationToken) => _connection.CallAsync<IContainerStream>(
        async client =>
        {
            var tty = (await client.Containers.InspectContainerAsync(Id(containerId), cancellationToken)).Config.Tty;
            var parameters = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true };
            return new DockerDotNetStream(await client.Containers.AttachContainerAsync(Id(containerId), tty, parameters, cancellationToken));
        },
        cancellationToken);

    public Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken) => _connection.CallAsync(
        client => client.Containers.ResizeContainerTtyAsync(Id(containerId), DockerDotNetRequests.Resize(size), cancellationToken),
        cancellationToken);

    public async Task<IContainerExec> ExecAsync(string containerId, ExecSpec spec, CancellationToken cancellationToken)
    {
        var exec = await _connection.CallAsync(
            async client =>
            {
                var created = await client.Exec.ExecCreateContainerAsync(Id(containerId), DockerDotNetRequests.Exec(spec), cancellationToken);
                var stream = await client.Exec.StartAndAttachContainerExecAsync(created.ID, spec.Tty, cancellationToken);
                return new DockerDotNetExec(_connection, time, created.ID, stream);
            },
            cancellationToken);
        if (spec is not { Tty: true, Size: { } size }) return exec;
        try
        {
            await exec.ResizeAsync(size, cancellationToken);
            return exec;
        }
        catch
        {
            await exec.DisposeAsync();
            throw;
        }
    }

    public Task CopyToAsync(string containerId, string directory, Stream tar, CancellationToken cancellationToken) => _connection.TransferAsync(
        client => client.Containers.ExtractArchiveToContainerAsync(Id(containerId), new ContainerPathStatParameters { Path = directory }, tar, cancellationToken),
        cancellationToken);

    public Task<Stream> CopyFromAsync(string containerId, string path, CancellationToken cancellationToken) => _connection.CallAsync(
        async client =>
        {
            var parameters = new GetArchiveFromContainerParameters { Path = path };
            return (await client.Containers.GetArchiveFromContainerAsync(Id(containerId), parameters, false, cancellationToken)).Stream;
        },
        cancellationToken);

    public Task<ContainerExit> WaitAsync(string containerId, CancellationToken cancellationToken) => _connection.CallAsync(
        async client =>
        {
            var ended = await client.Containers.WaitContainerAsync(Id(containerId), cancellationToken);
            if (ended.Error?.Message is { Length: > 0 } message) throw new ContainerEngineException(ContainerEngineError.Failed, message);

            var state = (await client.Containers.InspectContainerAsync(Id(containerId), cancellationToken)).State;
            if (state.Status == "created") throw new ContainerEngineException(ContainerEngineError.Conflict, "The container has not been started.");
            return new ContainerExit((int)ended.StatusCode, state.OOMKilled);
        },
        cancellationToken);

    public Task UpdateAsync(string containerId, ContainerLimits limits, CancellationToken cancellationToken) => _connection.CallAsync(
        client => client.Containers.UpdateContainerAsync(Id(containerId), DockerDotNetRequests.Update(limits), cancellationToken),
        cancellationToken);

    public async Task KillAsync(string containerId, string signal, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(
                client => client.Containers.KillContainerAsync(Id(containerId), new ContainerKillParameters { Signal = signal }, cancellationToken),
                cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.Conflict)
        {
            // It does not run.
        }
    }

    public async Task PauseAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(client => client.Containers.PauseContainerAsync(Id(containerId), cancellationToken), cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.Conflict)
        {
            // The same answer for one that is frozen and for one that does not run.
            if (await FindAsync(containerId, cancellationToken) is not { Running: true }) throw;
        }
    }

    public async Task ResumeAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(client => client.Containers.UnpauseContainerAsync(Id(containerId), cancellationToken), cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error is ContainerEngineError.Conflict or ContainerEngineError.Failed)
        {
            // Engines answer with a conflict, older ones with a failure, when there is nothing to resume.
        }
    }

    public Task<ContainerStats> GetStatsAsync(string containerId, CancellationToken cancellationToken) => _connection.CallAsync(
        async client =>
        {
            var sample = new Latest<ContainerStatsResponse>();
            var parameters = new ContainerStatsParameters { Stream = false, OneShot = true };
            await client.Containers.GetContainerStatsAsync(Id(containerId), parameters, sample, cancellationToken);
            return DockerDotNetRequests.Stats(sample.Value);
        },
        cancellationToken);

    public async Task<ContainerState?> FindAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _connection.CallAsync(client => client.Containers.InspectContainerAsync(Id(containerId), cancellationToken), cancellationToken);
            var ended = !found.State.Running && found.State.Status != "created";
            var labels = DockerDotNetRequests.Labels(found.Config.Labels);
            return new ContainerState(found.ID, found.State.Running, ended ? (int)found.State.ExitCode : null, found.State.OOMKilled, labels);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            return null;
        }
    }

    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
            await _connection.CallAsync(client => client.Containers.RemoveContainerAsync(Id(containerId), parameters, cancellationToken), cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            // Gone already.
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.Conflict)
        {
            // Somebody else removes it: done when it is gone. The package cannot wait for that, so it is asked again and again.
            while (await FindAsync(containerId, cancellationToken) is not null) await Task.Delay(RemovalPoll, time, cancellationToken);
        }
    }

    public Task<IReadOnlyList<ContainerSummary>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _connection.CallAsync<IReadOnlyList<ContainerSummary>>(
            async client =>
            {
                var parameters = new ContainersListParameters { All = true, Filters = DockerDotNetRequests.LabelFilter(labels) };
                var found = await client.Containers.ListContainersAsync(parameters, cancellationToken);
                return [.. found.Select(item => new ContainerSummary(
                    item.ID,
                    item.Image ?? "",
                    item.State == "running",
                    DockerDotNetRequests.Utc(item.Created),
                    DockerDotNetRequests.Labels(item.Labels)))];
            },
            cancellationToken);

    public void Dispose() => _connection.Dispose();

    private static string Id(string id) => EngineRequests.Segment(id);

    private sealed class Latest<T> : IProgress<T>
    {
        public T? Value { get; private set; }

        public void Report(T value) => Value = value;
    }
}
