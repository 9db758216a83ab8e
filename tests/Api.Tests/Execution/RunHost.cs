using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using Platform.Api.Execution;
using Platform.Core.Execution;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>The waiting side of runs on a real port, with a queue that only remembers; tests play the worker.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RunCodeJob> _jobs = new();

    private RunHost(Action<ExecutionOptions> configure)
    {
        Queue.EnqueueAsync(Arg.Any<RunCodeJob>(), Arg.Any<EnqueueOptions?>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            _jobs.Enqueue(call.Arg<RunCodeJob>());
            return call.Arg<EnqueueOptions>().JobId!.Value;
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOptions<ExecutionOptions>().Configure(configure);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(Queue);
        builder.Services.AddSingleton(LanguageCatalog.Load("languages.yaml"));
        builder.Services.AddRuns();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapRunCallback();
    }

    public IJobQueue Queue { get; } = Substitute.For<IJobQueue>();

    public static async Task<RunHost> StartAsync(Action<ExecutionOptions>? configure = null)
    {
        var host = new RunHost(configure ?? (_ => { }));
        await host._app.StartAsync();
        return host;
    }

    public Task<ExecuteOutcome?> ExecuteAsync(
        ExecuteRequest? request = null, string owner = "somebody", Action<PendingRun>? placed = null, CancellationToken cancellationToken = default)
    {
        var ticket = new RunTicket { Owner = owner, Patience = TimeSpan.FromMinutes(1), Placed = placed };
        return _app.Services.GetRequiredService<ExecutionService>().ExecuteAsync(request ?? new ExecuteRequest("python", "print(1)"), ticket, cancellationToken);
    }

    public Task<RunOutcome?> DispatchAsync(RunOrder order, Action<PendingRun>? placed = null, CancellationToken cancellationToken = default) =>
        _app.Services.GetRequiredService<RunDispatcher>().RunAsync(order, "somebody", TimeSpan.FromMinutes(1), placed, cancellationToken);

    /// <summary>The job of the next run that was placed.</summary>
    public async Task<RunCodeJob> NextJobAsync()
    {
        RunCodeJob? job = null;
        await Eventually.TrueAsync(() => _jobs.TryDequeue(out job));
        return job!;
    }

    public static async Task<FakeWorker> ConnectAsync(RunCodeJob job, string? token = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Run {token ?? job.Token}");
        await socket.ConnectAsync(job.Callback, CancellationToken.None);
        return new FakeWorker(socket);
    }

    /// <summary>The run takes no worker with this token.</summary>
    public static async Task ShouldBeNotFoundAsync(RunCodeJob job, string token) =>
        (await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(job, token))).Message.ShouldContain("404");

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>The worker's end of a run's socket.</summary>
internal sealed class FakeWorker(ClientWebSocket socket) : IDisposable
{
    public RunChannel Channel { get; } = new(socket);

    public async Task<RunMessage> ReceiveAsync() =>
        await Channel.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.DefaultTimeout) ?? throw new InvalidOperationException("Closed.");

    public ValueTask SendAsync(RunMessageKind kind, byte[] payload) => Channel.SendAsync(kind, payload, CancellationToken.None);

    public ValueTask FinishAsync(RunResult result) =>
        SendAsync(RunMessageKind.Result, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult));

    /// <summary>Finishes, and hangs up when the other side has: a connection that is cut with something unread on it may take the result along.</summary>
    public async Task EndAsync(RunResult result)
    {
        await FinishAsync(result);
        while (await Channel.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.DefaultTimeout) is not null) await Task.Yield();
    }

    public ValueTask StageAsync(RunStage stage) => SendAsync(RunMessageKind.Stage, [(byte)stage]);

    public ValueTask FinishInputAsync(RunResult result) =>
        SendAsync(RunMessageKind.InputResult, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult));

    /// <summary>Ends when the run is taken back.</summary>
    public async Task UntilCancelledAsync()
    {
        while ((await ReceiveAsync()).Kind != RunMessageKind.Cancel) await Task.Yield();
    }

    /// <summary>The request; it comes first.</summary>
    public async Task<RunRequest> ReceiveRequestAsync()
    {
        var message = await ReceiveAsync();
        message.Kind.ShouldBe(RunMessageKind.Request);
        return System.Text.Json.JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunRequest)!;
    }

    /// <summary>As when the process dies.</summary>
    public void Die() => socket.Abort();

    public void Dispose()
    {
        Channel.Dispose();
        socket.Dispose();
    }
}
