using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>What is to be run and who listens.</summary>
internal sealed record RunOrder
{
    public required RunRequest Request { get; init; }

    public required Language Language { get; init; }

    /// <summary>Makes the listener of an attempt: a run whose worker was lost starts over with a new one.</summary>
    public required Func<IRunListener> Listen { get; init; }

    public IRunSource Input { get; init; } = FixedSource.Nothing;

    /// <summary>Somebody watches while it runs: it cannot start over unseen, so that a lost worker ends it.</summary>
    public bool Interactive { get; init; }

    /// <summary>Bytes of each output that may be kept.</summary>
    public int OutputBytes => Request.Limits?.OutputBytes ?? Language.Limits.OutputBytes;

    /// <summary>The longest that compiling and all inputs can take, each at its limit.</summary>
    public TimeSpan LongestRun
    {
        get
        {
            var compile = Request.Limits?.CompileSeconds ?? Language.Limits.CompileSeconds;
            var wall = Request.Limits?.WallSeconds ?? (Request.IsInteractive ? Language.Limits.InteractiveSeconds : Language.Limits.WallSeconds);
            return TimeSpan.FromSeconds(compile + (wall * Math.Max(1, Request.Inputs.Count)));
        }
    }
}

/// <summary>
/// Is told what one attempt of a run sends, in its order. Nothing more is read from the worker before a call has returned: a slow listener slows
/// the program. Payloads are valid during the call only.
/// </summary>
internal interface IRunListener
{
    ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken);

    ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>The next of the inputs has been run; its outputs have come before.</summary>
    ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken);

    /// <summary>What is waited for, for people.</summary>
    ValueTask OnProgressAsync(string text, CancellationToken cancellationToken);
}
