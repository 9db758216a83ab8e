using System.Text.Json;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>One run in one sandbox, streaming both ways with the Api instance that waits for it.</summary>
internal sealed class RunSession(RunChannel channel, RunInbox inbox, Sandbox sandbox, RunPlan plan, TimeProvider time) : ISandboxOutput
{
    private const byte KillSignal = 9;

    /// <summary>How long the report of a program that was killed for a cancellation may take; the sandbox goes in any case.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromMilliseconds(400);

    private RunStage _stage;
    private StageResult? _compiled;
    private InputFeed? _feed;

    /// <summary>Runs to the end; the result is not sent yet.</summary>
    /// <param name="listening">The running <see cref="RunInbox.ListenAsync"/>; its end is the end of the run.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<RunResult> RunAsync(Task listening, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunCommandsAsync(stop.Token);
        var controlling = ControlAsync(stop.Token);
        var first = await Task.WhenAny(running, listening, inbox.Cancelled);
        if (first == inbox.Cancelled) await KillAsync(running, listening, cancellationToken);
        var ended = running.IsCompleted;
        await stop.CancelAsync();
        await SettleAsync(running);
        await SettleAsync(controlling);
        if (inbox.Cancelled.IsCompleted) return running.IsCompletedSuccessfully ? (await running) with { Verdict = RunVerdict.Cancelled, Message = null } : Cancelled();
        if (ended) return await running;
        cancellationToken.ThrowIfCancellationRequested();
        throw new RunAbandonedException();
    }

    public ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        // Whoever took the run back does not want it, and may not read it any more.
        inbox.Cancelled.IsCompleted ? ValueTask.CompletedTask : channel.SendAsync(isError ? RunMessageKind.Stderr : RunMessageKind.Stdout, data, cancellationToken);

    public ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken) =>
        _feed is { } feed ? feed.GrantAsync(window, cancellationToken) : channel.SendAsync(RunMessageKind.Window, window, cancellationToken);

    public static RunResult Cancelled() => new() { Verdict = RunVerdict.Cancelled };

    private async Task<RunResult> RunCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (plan.SandboxLimits is { } lower) await sandbox.LimitAsync(lower, cancellationToken);
            if (plan.Request.Mode == RunMode.Check) return await CheckAsync(cancellationToken);
            var result = await CompileAsync(cancellationToken) ?? (plan.Request.Inputs.Count > 0
                ? await RunInputsAsync(cancellationToken)
                : await RunProgramAsync(cancellationToken));
            return result with { Compile = _compiled };
        }
        catch (SandboxOutOfMemoryException)
        {
            return VerdictJudge.OutOfMemory(_stage == RunStage.Compile) with { Compile = _compiled };
        }
    }

    private async Task<RunResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (plan.Check is not { } command)
            return new RunResult { Verdict = RunVerdict.Ok, Message = $"{plan.Language.Name} cannot be checked without running it." };
        var exit = await FollowCompilerAsync(command, cancellationToken);
        return (VerdictJudge.JudgeCompiler(exit) ?? VerdictJudge.Judge(exit)) with { Compile = _compiled };
    }

    /// <summary>Null: the program can be run.</summary>
    private async Task<RunResult?> CompileAsync(CancellationToken cancellationToken) =>
        plan.Compile is { } command ? VerdictJudge.JudgeCompiler(await FollowCompilerAsync(command, cancellationToken)) : null;

    private async Task<SandboxExit> FollowCompilerAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        using var batch = new SupervisorBatch();
        await StartAsync(batch.Add(plan.Request.Files), command, RunStage.Compile, cancellationToken);
        var exit = await sandbox.FollowAsync(this, command.WallTime, cancellationToken);
        _compiled = VerdictJudge.Stage(exit);
        return exit;
    }

    private async Task<RunResult> RunProgramAsync(CancellationToken cancellationToken)
    {
        using var batch = new SupervisorBatch();
        if (plan.Compile is null) batch.Add(plan.Request.Files);
        var size = plan.Program.Terminal is null ? null : inbox.Size ?? plan.Program.Terminal;
        await StartAsync(batch, plan.Program with { Terminal = size }, RunStage.Run, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var forwarding = ForwardAsync(ended.Token);
        try
        {
            return VerdictJudge.Judge(await sandbox.FollowAsync(this, plan.Program.WallTime, cancellationToken));
        }
        finally
        {
            await ended.CancelAsync();
            await SettleAsync(forwarding);
        }
    }

    private async Task<RunResult> RunInputsAsync(CancellationToken cancellationToken)
    {
        var sum = new InputSum();
        for (var number = 0; number < plan.Request.Inputs.Count; number++)
        {
            var result = await RunInputAsync(number, cancellationToken);
            if (inbox.Cancelled.IsCompleted) break;
            sum.Add(result);
            await channel.SendAsync(RunMessageKind.InputResult, JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult), cancellationToken);
        }

        return sum.Result;
    }

    /// <summary>
    /// Each input finds the work directory as the compiler left it (for a language without one: empty) and the request's files as they were sent.
    /// </summary>
    private async Task<RunResult> RunInputAsync(int number, CancellationToken cancellationToken)
    {
        using var batch = new SupervisorBatch();
        if (number > 0) batch.Add(SupervisorProtocol.Clean());
        else if (plan.Compile is not null) batch.Add(SupervisorProtocol.Remember());
        if (number > 0 || plan.Compile is null) batch.Add(plan.Request.Files);
        batch.Add(SupervisorProtocol.Command(plan.Program));
        _feed = new InputFeed(sandbox, plan.Request.Inputs[number]);
        _feed.Begin(batch);
        await SendAsync(batch, number == 0 ? RunStage.Run : null, cancellationToken);
        return VerdictJudge.Judge(await sandbox.FollowAsync(this, plan.Program.WallTime, cancellationToken));
    }

    private Task StartAsync(SupervisorBatch batch, SandboxCommand command, RunStage stage, CancellationToken cancellationToken) =>
        SendAsync(batch.Add(SupervisorProtocol.Command(command)), stage, cancellationToken);

    /// <summary>The program first, so that it starts while the other side is told; its output is read after that.</summary>
    private async Task SendAsync(SupervisorBatch batch, RunStage? stage, CancellationToken cancellationToken)
    {
        await sandbox.SendAsync(batch, cancellationToken);
        if (stage is not { } begins) return;
        _stage = begins;
        await channel.SendAsync(RunMessageKind.Stage, new[] { (byte)begins }, cancellationToken);
    }

    private async Task ForwardAsync(CancellationToken cancellationToken)
    {
        await foreach (var (kind, payload) in inbox.Stdin.ReadAllAsync(cancellationToken))
        {
            if (kind == RunMessageKind.StdinEnd) await sandbox.CloseStdinAsync(cancellationToken);
            else await sandbox.WriteStdinAsync(payload, cancellationToken);
        }
    }

    private async Task ControlAsync(CancellationToken cancellationToken)
    {
        await foreach (var (kind, payload) in inbox.Control.ReadAllAsync(cancellationToken))
        {
            if (kind == RunMessageKind.Signal) await sandbox.SignalAsync(payload[0], cancellationToken);
            else await sandbox.ResizeAsync(RunInbox.ReadSize(payload), cancellationToken);
        }
    }

    /// <summary>The program goes at once; what it used is worth a moment.</summary>
    private async Task KillAsync(Task running, Task listening, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = Task.Delay(CancelPatience, time, patience.Token);
        try
        {
            await sandbox.SignalAsync(KillSignal, patience.Token).AsTask().WaitAsync(CancelPatience, time, cancellationToken);
            await Task.WhenAny(running, listening, over);
        }
        catch (Exception exception) when (exception is SandboxException or TimeoutException)
        {
            // It ended by itself, or takes nothing any more: the sandbox goes in any case.
        }
        finally
        {
            await patience.CancelAsync();
        }
    }

    /// <summary>Waits for what has lost its purpose; how it ends says nothing any more.</summary>
    private static async Task SettleAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>Nobody waits for the run any more.</summary>
internal sealed class RunAbandonedException() : Exception("Nobody waits for this run any more.");
