using System.Runtime.InteropServices;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;
using Platform.AppHost.Local.State;

namespace Aspire.Hosting;

/// <summary>Runs an app model: stores and projects as local processes, with a dashboard.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private readonly Orchestrator _orchestrator;

    internal DistributedApplication(DistributedApplicationBuilder builder) =>
        _orchestrator = new(builder, Console.Out, ConsoleMultiplexer.WantsColour(), TimeProvider.System);

    internal IReadOnlyList<ResourceInstance> Instances => _orchestrator.Instances;

    /// <summary>Begins an app model.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Begins an app model.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Starts everything and returns when it is healthy.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _orchestrator.StartAsync(cancellationToken);
        await _orchestrator.WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Stops everything, in the reverse order.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _orchestrator.StopAsync().WaitAsync(cancellationToken);

    /// <summary>
    /// Runs until a signal asks for the end, then stops everything. The exit code of the process tells how it went: 0 when it was
    /// asked to end, 1 for a failure, 2 for a model that cannot run, 3 for a missing program, 4 for a port in use, 5 when it runs already.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new EndingSignals(this, ending);
        try
        {
            await StartAsync(ending.Token);
            await Task.Delay(Timeout.Infinite, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            _orchestrator.Say("Stopping.");
        }
        catch (Exception exception) when (exception is AppHostException or DistributedApplicationException)
        {
            Environment.ExitCode = exception is AppHostException known ? known.ExitCode : (int)ExitReason.InvalidModel;
            await Console.Error.WriteLineAsync(exception.Message);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _orchestrator.DisposeAsync();

    private sealed class EndingSignals : IDisposable
    {
        private readonly List<PosixSignalRegistration> _registrations;
        private readonly DistributedApplication _application;
        private readonly CancellationTokenSource _ending;
        private int _count;

        public EndingSignals(DistributedApplication application, CancellationTokenSource ending)
        {
            (_application, _ending) = (application, ending);
            PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
            _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        }

        public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

        private void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            // Losing the terminal may come with other signals; only an operator who insists does not want to wait.
            if (Interlocked.Increment(ref _count) > 1 && context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT)
            {
                _application._orchestrator.Say("Killing what is left.", isError: true);
                _application._orchestrator.Kill();
            }

            _ending.Cancel();
        }
    }
}
