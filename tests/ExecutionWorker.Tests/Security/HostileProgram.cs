using System.Text;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Tests.Security;

/// <summary>A program that tries to do harm, and what must become of it.</summary>
/// <param name="Id">Its number in the list of hostile programs.</param>
/// <param name="Title">What it tries.</param>
/// <param name="Verdict">The verdict that it must get.</param>
/// <param name="Code">Python; a program that exits with 0 only when all its attempts were refused gets <see cref="RunVerdict.Ok"/>.</param>
internal sealed record HostileProgram(string Id, string Title, RunVerdict Verdict, string Code)
{
    /// <summary>Its input; null: one that is never closed.</summary>
    public byte[]? Stdin { get; init; } = [];

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The same in C, for what a compiler is abused for; used when the catalogue has that language.</summary>
    public string? C { get; init; }

    /// <summary>The language of <see cref="Code"/>.</summary>
    public string Language { get; init; } = "python";

    /// <summary>Refused before a sandbox is touched.</summary>
    public bool Refused { get; init; }

    /// <summary>Run twice in one sandbox: the second time must find what the first found.</summary>
    public bool Twice { get; init; }

    public RunRequest Request(LanguageCatalog catalog)
    {
        var c = C is null ? null : catalog.Find("c");
        return new RunRequest
        {
            Language = c?.Id ?? Language,
            Files = [new RunFile(c?.File ?? "main.py", Encoding.UTF8.GetBytes(c is null ? Code : C!))],
            Arguments = Arguments,
            Environment = Environment,
            Inputs = Twice ? [[], []] : [],
            Limits = new RunLimits { CpuSeconds = 1, WallSeconds = 3, OutputBytes = 64 * 1024 },
        };
    }

    public override string ToString() => $"{Id} {Title}";
}
