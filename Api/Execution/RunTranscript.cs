using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Keeps what an attempt of a run wrote, the compiler's apart from the program's.</summary>
internal sealed class RunTranscript(int outputBytes, bool interleaved = false, IRunWatcher? watcher = null) : IRunListener
{
    private StageTranscript? _compile;

    /// <summary>Null when no compiler ran.</summary>
    public StageTranscript? Compile => _compile;

    public StageTranscript Run { get; } = new(outputBytes, interleaved);

    private StageTranscript Current { get => field ?? Run; set; }

    public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken)
    {
        Current = stage == RunStage.Compile ? _compile ??= new StageTranscript(outputBytes, interleaved) : Run;
        return watcher?.OnStageAsync(stage, cancellationToken) ?? ValueTask.CompletedTask;
    }

    public ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Current.Append(isError, data.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken) =>
        watcher?.OnProgressAsync(text, cancellationToken) ?? ValueTask.CompletedTask;
}

/// <summary>Is told how a run gets on, apart from what it prints.</summary>
internal interface IRunWatcher
{
    /// <summary>The compiler or the program starts.</summary>
    ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken);

    /// <summary>What is waited for before that.</summary>
    ValueTask OnProgressAsync(string text, CancellationToken cancellationToken);
}

/// <summary>The outputs of one stage.</summary>
internal sealed class StageTranscript(int outputBytes, bool interleaved)
{
    public RunOutput Stdout { get; } = new(outputBytes);

    public RunOutput Stderr { get; } = new(outputBytes);

    /// <summary>Both as they came; null when nobody asked for it.</summary>
    public RunOutput? Both { get; } = interleaved ? new RunOutput(2 * outputBytes) : null;

    public void Append(bool isError, ReadOnlySpan<byte> data)
    {
        (isError ? Stderr : Stdout).Append(data);
        Both?.Append(data);
    }
}
