using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Code to run.</summary>
/// <param name="Language">Id or alias of a language.</param>
/// <param name="Code">The program, when it is one file.</param>
/// <param name="Stdin">Its standard input; nothing: an empty one.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="Files">The program, when it is several files; the first one is the main file.</param>
/// <param name="StdinEncoding">How <c>stdin</c> is written.</param>
/// <param name="Env">Variables of its environment.</param>
/// <param name="Limits">Limits below those of the language.</param>
/// <param name="Tests">Inputs to run it with, and what is expected; then <c>stdin</c> is not used.</param>
/// <param name="Mode">Whether the answer is the outcome, or comes at once with an id to ask for it.</param>
/// <param name="Callback">Who is told about the outcome; with <c>async</c> only.</param>
/// <param name="Input">Another word for <c>stdin</c>.</param>
internal sealed record ExecuteRequest(
    string? Language,
    string? Code = null,
    string? Stdin = null,
    IReadOnlyList<string>? Args = null,
    IReadOnlyList<ExecuteFileRequest>? Files = null,
    ContentEncoding? StdinEncoding = null,
    IReadOnlyDictionary<string, string>? Env = null,
    ExecuteLimitsRequest? Limits = null,
    IReadOnlyList<ExecuteTestRequest>? Tests = null,
    ExecuteMode? Mode = null,
    ExecuteCallbackRequest? Callback = null,
    string? Input = null)
{
    /// <summary>Standard input, whichever word it came by.</summary>
    public byte[] ReadInput() => ContentText.Decode(Stdin ?? Input, StdinEncoding);
}

/// <summary>A file of the program.</summary>
/// <param name="Name">Relative, with <c>/</c>. The main file may have none: it is called as the language wants it.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Encoding">How <c>content</c> is written.</param>
internal sealed record ExecuteFileRequest(string? Name, string? Content, ContentEncoding? Encoding = null);

/// <summary>Limits; what is left out stays as the language has it.</summary>
internal sealed record ExecuteLimitsRequest(
    double? CpuSeconds = null,
    double? WallSeconds = null,
    double? CompileSeconds = null,
    int? MemoryMegabytes = null,
    int? Processes = null,
    int? OutputBytes = null);

/// <summary>An input and what the program should make of it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Stdin">Standard input.</param>
/// <param name="Expected">What it should print; nothing: any output is right as long as it ends well.</param>
/// <param name="Args">Arguments of this test instead of the request's.</param>
/// <param name="Encoding">How <c>stdin</c> and <c>expected</c> are written.</param>
/// <param name="Checker">How the output is compared.</param>
/// <param name="Tolerance">Of the checker <c>float</c>.</param>
/// <param name="CpuSeconds">Limit of this test instead of the request's.</param>
/// <param name="WallSeconds">Limit of this test instead of the request's.</param>
internal sealed record ExecuteTestRequest(
    string? Name = null,
    string? Stdin = null,
    string? Expected = null,
    IReadOnlyList<string>? Args = null,
    ContentEncoding? Encoding = null,
    OutputChecker? Checker = null,
    FloatToleranceRequest? Tolerance = null,
    double? CpuSeconds = null,
    double? WallSeconds = null);

/// <summary>A number is right when it is within either of the two of the expected one.</summary>
internal sealed record FloatToleranceRequest(double? Absolute = null, double? Relative = null);

/// <summary>Who is told about the end of a run.</summary>
/// <param name="Url">Gets a POST with the execution as JSON.</param>
/// <param name="Secret">Key of the signature in the header <c>X-Autostack-Signature</c>.</param>
internal sealed record ExecuteCallbackRequest(string? Url, string? Secret);

/// <summary>How bytes are written as text.</summary>
internal enum ContentEncoding
{
    Utf8,
    Base64,
    Hex,
}

/// <summary>How outputs are compared with what is expected.</summary>
internal enum OutputChecker
{
    /// <summary>Lines without the blanks at their ends; blank lines at the end do not count. The default.</summary>
    Trimmed,

    /// <summary>Byte by byte.</summary>
    Exact,

    /// <summary>Words, whatever blanks are between them.</summary>
    Tokens,

    /// <summary>Words, numbers among them within a tolerance.</summary>
    Float,

    /// <summary>Lines as with <c>trimmed</c>, in any order.</summary>
    Unordered,
}

/// <summary>How the caller learns of the outcome.</summary>
internal enum ExecuteMode
{
    Sync,
    Async,
}

/// <summary>What a program did, in a run or in one of its tests.</summary>
internal abstract record ProgramOutcome
{
    /// <summary>What the program printed; of a run with tests that of the first one that is not ok, or of the last.</summary>
    public required string Stdout { get; init; }

    /// <summary><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</summary>
    public required string StdoutEncoding { get; init; }

    /// <summary>Errors that the program printed; those of the compiler when it refused the program.</summary>
    public required string Stderr { get; init; }

    /// <summary><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</summary>
    public required string StderrEncoding { get; init; }

    /// <summary>Null when a signal ended the program.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Name of the signal that ended the program, or null.</summary>
    public required string? Signal { get; init; }

    /// <summary>Milliseconds from start to end of the program; of a run with tests those of the longest.</summary>
    public required double TimeMs { get; init; }

    /// <summary>Milliseconds of CPU time of all its processes; of a run with tests those of the longest.</summary>
    public required double CpuTimeMs { get; init; }

    /// <summary>Most memory the sandbox used, in KiB.</summary>
    public required long MemoryKb { get; init; }

    /// <summary>Which of the outputs were cut off.</summary>
    public required TruncatedResponse Truncated { get; init; }

    /// <summary>One sentence about the verdict, or null.</summary>
    public required string? Message { get; init; }
}

/// <summary>How a run ended.</summary>
internal sealed record ExecuteResponse : ProgramOutcome
{
    public required Guid Id { get; init; }

    /// <summary>The verdict; with tests the first of theirs in the order of verdicts.</summary>
    public required RunVerdict Status { get; init; }

    /// <summary>The compiler's part; null when nothing was compiled.</summary>
    public required CompileResponse? Compile { get; init; }

    /// <summary>One for each test of the request, in its order; null without tests.</summary>
    public required IReadOnlyList<TestResponse>? Tests { get; init; }

    /// <summary>The share of the tests that are ok, from 0 to 1; null without tests.</summary>
    public required double? Score { get; init; }
}

/// <summary>Outputs that were longer than their limit; what was within it is there.</summary>
internal sealed record TruncatedResponse(bool Stdout, bool Stderr);

/// <summary>What the compiler said and used.</summary>
/// <param name="Output">Both of its outputs.</param>
/// <param name="Encoding"><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</param>
/// <param name="Truncated">The output was cut off.</param>
/// <param name="ExitCode">Null when a signal ended it.</param>
/// <param name="Signal">Name of the signal that ended it, or null.</param>
/// <param name="TimeMs">Milliseconds from start to end.</param>
/// <param name="CpuTimeMs">Milliseconds of CPU time.</param>
/// <param name="MemoryKb">Most memory the sandbox used until then, in KiB.</param>
internal sealed record CompileResponse(
    string Output, string Encoding, bool Truncated, int? ExitCode, string? Signal, double TimeMs, double CpuTimeMs, long MemoryKb);

/// <summary>How the program did with one input.</summary>
internal sealed record TestResponse : ProgramOutcome
{
    public required int Index { get; init; }

    public required string? Name { get; init; }

    /// <summary>The verdict; null when it was not run, because the run ended before.</summary>
    public required RunVerdict? Status { get; init; }
}
