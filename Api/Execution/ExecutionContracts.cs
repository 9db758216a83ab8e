using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Code to run.</summary>
/// <param name="Language">Id or alias of a language.</param>
/// <param name="Code">The program.</param>
/// <param name="Stdin">Its standard input; nothing: an empty one.</param>
/// <param name="Args">Its arguments.</param>
internal sealed record ExecuteRequest(string? Language, string? Code, string? Stdin = null, IReadOnlyList<string>? Args = null);

/// <summary>How a run ended.</summary>
internal sealed record ExecuteResponse
{
    public required Guid Id { get; init; }

    /// <summary>The verdict.</summary>
    public required RunVerdict Status { get; init; }

    public required string Stdout { get; init; }

    /// <summary><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</summary>
    public required string StdoutEncoding { get; init; }

    public required string Stderr { get; init; }

    /// <summary><c>utf8</c>, or <c>base64</c> for output that is no UTF-8.</summary>
    public required string StderrEncoding { get; init; }

    /// <summary>Null when a signal ended the program.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Name of the signal that ended the program, or null.</summary>
    public required string? Signal { get; init; }

    /// <summary>Milliseconds from start to end of the program.</summary>
    public required double TimeMs { get; init; }

    /// <summary>Milliseconds of CPU time of all its processes.</summary>
    public required double CpuTimeMs { get; init; }

    /// <summary>Most memory the sandbox used, in KiB.</summary>
    public required long MemoryKb { get; init; }

    /// <summary>Which of the outputs were cut off.</summary>
    public required TruncatedResponse Truncated { get; init; }

    /// <summary>One sentence about the verdict, or null.</summary>
    public required string? Message { get; init; }

    public static ExecuteResponse From(PendingRun run, RunResult result)
    {
        var (stdout, stdoutEncoding) = run.Stdout.Read(result.StdoutTruncated);
        var (stderr, stderrEncoding) = run.Stderr.Read(result.StderrTruncated);
        return new ExecuteResponse
        {
            Id = run.Id,
            Status = result.Verdict,
            Stdout = stdout,
            StdoutEncoding = stdoutEncoding,
            Stderr = stderr,
            StderrEncoding = stderrEncoding,
            ExitCode = result.ExitCode,
            Signal = result.Signal,
            TimeMs = Math.Round(result.WallTime.TotalMilliseconds, 3),
            CpuTimeMs = Math.Round(result.CpuTime.TotalMilliseconds, 3),
            MemoryKb = result.MemoryBytes / 1024,
            Truncated = new TruncatedResponse(
                result.StdoutTruncated || run.Stdout.Truncated, result.StderrTruncated || run.Stderr.Truncated),
            Message = result.Message,
        };
    }
}

/// <summary>Outputs that were longer than their limit; what was within it is there.</summary>
internal sealed record TruncatedResponse(bool Stdout, bool Stderr);

/// <summary>The languages.</summary>
internal sealed record LanguagesResponse(IReadOnlyList<LanguageResponse> Languages);

/// <summary>A language that code can be written in.</summary>
/// <param name="Id">What requests name.</param>
/// <param name="Name">For people.</param>
/// <param name="Version">Version of its tools.</param>
/// <param name="Aliases">Other names that requests may use.</param>
/// <param name="FileName">Name of the file that the code is put in.</param>
/// <param name="Example">A program that an editor opens with.</param>
/// <param name="Ready">A worker can run it now.</param>
internal sealed record LanguageResponse(
    string Id, string Name, string Version, IReadOnlyList<string> Aliases, string FileName, string Example, bool Ready);
