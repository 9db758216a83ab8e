using Platform.Core.Execution;

namespace Platform.Api.Execution.Checking;

/// <summary>A program whose syntax is to be checked; nothing of it is run.</summary>
/// <param name="Language">Id or alias of a language.</param>
/// <param name="Code">The program, when it is one file.</param>
/// <param name="Files">The program, when it is several files; the first one is the main file.</param>
internal sealed record ValidateCodeRequest(string? Language, string? Code = null, IReadOnlyList<ExecuteFileRequest>? Files = null);

/// <summary>What the language's tools think of a program.</summary>
/// <param name="Valid">There are no errors.</param>
/// <param name="Status">The verdict on the check itself: <c>ok</c>, <c>compile_error</c>, or why it came to no end.</param>
/// <param name="Diagnostics">Errors and warnings with their places, in the order of the tools.</param>
/// <param name="Output">All that the tools said.</param>
/// <param name="OutputEncoding"><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</param>
/// <param name="Truncated">The output was cut off.</param>
/// <param name="Message">One sentence about the verdict, or null.</param>
internal sealed record ValidateCodeResponse(
    bool Valid, RunVerdict Status, IReadOnlyList<DiagnosticResponse> Diagnostics, string Output, string OutputEncoding, bool Truncated, string? Message);

/// <summary>An error or a warning.</summary>
/// <param name="File">The file, as the request names it; null when the tool named none.</param>
/// <param name="Line">From 1; null when the tool named none.</param>
/// <param name="Column">From 1; null when the tool named none.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Code">The tool's name for it, such as <c>E0308</c> or <c>SyntaxError</c>, or null.</param>
internal sealed record DiagnosticResponse(string? File, int? Line, int? Column, DiagnosticSeverity Severity, string Message, string? Code);

internal enum DiagnosticSeverity
{
    Error,
    Warning,
    Info,
}
