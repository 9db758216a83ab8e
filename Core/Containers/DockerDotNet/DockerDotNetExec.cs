using Docker.DotNet;

namespace Platform.Core.Containers.DockerDotNet;

/// <summary>Another process in a running container.</summary>
internal sealed class DockerDotNetExec(DockerDotNetConnection connection, TimeProvider time, string id, MultiplexedStream stream)
    : DockerDotNetStream(stream), IContainerExec
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(100);

    public async Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        // The engine hands the connection out before the process runs, and a terminal that is not there yet has no size.
        for (var delay = FirstDelay; ; delay = Next(delay))
        {
            try
            {
                await connection.CallAsync(
                    client => client.Exec.ResizeContainerExecTtyAsync(id, DockerDotNetRequests.Resize(size), cancellationToken),
                    cancellationToken);
                return;
            }
            catch (ContainerEngineException exception) when (exception.Error != ContainerEngineError.Unavailable && delay < LongestDelay)
            {
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    public async Task<int> GetExitCodeAsync(CancellationToken cancellationToken)
    {
        // The output ends a little before the engine has noted the exit.
        for (var delay = FirstDelay; ; delay = Next(delay))
        {
            var state = await connection.CallAsync(client => client.Exec.InspectContainerExecAsync(id, cancellationToken), cancellationToken);
            if (!state.Running) return (int)state.ExitCode;
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private static TimeSpan Next(TimeSpan delay) => delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
}
