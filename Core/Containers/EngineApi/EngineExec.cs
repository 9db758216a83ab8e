using System.Globalization;

namespace Platform.Core.Containers.EngineApi;

/// <summary>Another process in a running container.</summary>
internal sealed class EngineExec(EngineTransport transport, TimeProvider time, string id, EngineUpgrade connection, bool tty)
    : EngineStream(connection, multiplexed: !tty), IContainerExec
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
                var path = string.Create(CultureInfo.InvariantCulture, $"exec/{id}/resize?h={size.Rows}&w={size.Columns}");
                await transport.SendAsync(HttpMethod.Post, path, null, cancellationToken);
                return;
            }
            catch (ContainerEngineException exception) when (exception.Error != ContainerEngineError.Unavailable && delay < LongestDelay)
            {
                if (await InspectAsync(cancellationToken) is { Running: false, ExitCode: not null }) return;
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    public async Task<int> GetExitCodeAsync(CancellationToken cancellationToken)
    {
        // The output ends a little before the engine has noted the exit.
        for (var delay = FirstDelay; ; delay = Next(delay))
        {
            if (await InspectAsync(cancellationToken) is { Running: false, ExitCode: { } exitCode }) return exitCode;
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private static TimeSpan Next(TimeSpan delay) => delay * 2 < LongestDelay ? delay * 2 : LongestDelay;

    private Task<ExecInspection> InspectAsync(CancellationToken cancellationToken) =>
        transport.CallAsync(HttpMethod.Get, $"exec/{id}/json", null, EngineJson.Default.ExecInspection, cancellationToken);
}
