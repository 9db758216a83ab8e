using System.Net.WebSockets;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>One worker at a run.</summary>
internal sealed class RunAttempt(WebSocket socket, RunChannel channel, RunInput input, IRunListener listener)
{
    public WebSocket Socket { get; } = socket;

    public RunChannel Channel { get; } = channel;

    public RunInput Input { get; } = input;

    public IRunListener Listener { get; } = listener;

    /// <summary>The request has been sent, and other messages may follow.</summary>
    public bool IsReady { get; set; }

    /// <summary>It waits for the image: its job is over, and nothing has been started.</summary>
    public bool IsWaiting { get; set; }
}
