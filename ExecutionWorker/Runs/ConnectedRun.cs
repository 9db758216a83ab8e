using System.Net.WebSockets;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Runs;

/// <summary>A run on its socket with the side that waits for it; whoever holds it disposes of it.</summary>
internal sealed class ConnectedRun : IDisposable
{
    private readonly WebSocket _socket;

    public ConnectedRun(Guid id, WebSocket socket)
    {
        (Id, _socket) = (id, socket);
        Channel = new RunChannel(socket);
        Inbox = new RunInbox(Channel);
    }

    public Guid Id { get; }

    public RunChannel Channel { get; }

    public RunInbox Inbox { get; }

    /// <summary>What is to be run; once it was admitted.</summary>
    public RunPlan Plan { get => field ?? throw new InvalidOperationException("The run has not been admitted."); private set; }

    /// <summary>The running <see cref="RunInbox.ListenAsync"/>: its end is the end of the run.</summary>
    public Task Listening { get; private set; } = Task.CompletedTask;

    /// <summary>The request is understood: from now on everything else that the other side sends is read.</summary>
    public void Begin(RunPlan plan)
    {
        Plan = plan;
        Listening = Inbox.ListenAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        Channel.Dispose();
        _socket.Dispose();
    }
}
