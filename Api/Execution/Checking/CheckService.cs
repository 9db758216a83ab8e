using Microsoft.Extensions.Options;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Checking;

/// <summary>Has a program's syntax checked in a sandbox.</summary>
internal sealed class CheckService(RunDispatcher dispatcher, LanguageCatalog catalog, IOptions<ExecutionOptions> options)
{
    /// <returns>Null when its turn did not come; else the answer, or why there is none.</returns>
    public async Task<(ValidateCodeResponse? Response, RunRefusal? Refusal)?> CheckAsync(
        ValidateCodeRequest request, string owner, CancellationToken cancellationToken)
    {
        var language = catalog.Find(request.Language!) ?? throw new ArgumentException("The language was not validated.", nameof(request));
        var order = new RunOrder
        {
            Request = new RunRequest { Language = language.Id, Files = RunRequests.Files(request.Code, request.Files, language), Mode = RunMode.Check },
            Language = language,
            Listen = () => new CheckTranscript(language.Limits.OutputBytes),
        };
        if (await dispatcher.RunAsync(order, owner, options.Value.MaxWait, placed: null, cancellationToken) is not { } outcome) return null;
        return outcome.Result is { } result ? (Word(result, outcome.Listener as CheckTranscript), null) : (null, outcome.Refusal);
    }

    private static ValidateCodeResponse Word(RunResult result, CheckTranscript? transcript)
    {
        var said = transcript?.Output ?? new RunOutput(0);
        var truncated = result.StdoutTruncated || result.StderrTruncated || said.Truncated;
        var (text, encoding) = said.Read(truncated);
        // A checker is a program like any other to the sandbox: that it exits with an error is what it says of the program.
        var status = result.Verdict == RunVerdict.RuntimeError ? RunVerdict.CompileError : result.Verdict;
        var diagnostics = encoding == "utf8" ? DiagnosticParser.Parse(text, failed: status == RunVerdict.CompileError) : [];
        return new ValidateCodeResponse(status == RunVerdict.Ok, status, diagnostics, text, encoding, truncated, result.Message);
    }

    /// <summary>Tools write to both outputs, and which of them says nothing.</summary>
    private sealed class CheckTranscript(int outputBytes) : IRunListener
    {
        public RunOutput Output { get; } = new(outputBytes);

        public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Output.Append(data.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
