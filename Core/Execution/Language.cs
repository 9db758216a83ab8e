namespace Platform.Core.Execution;

/// <summary>A language that snippets can be written in; see <c>images/languages.yaml</c>.</summary>
public sealed record Language
{
    /// <summary>What requests name.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Version that the image has, three numbers.</summary>
    public required string Version { get; init; }

    /// <summary>Arguments of the command that prints the version of the language's tools.</summary>
    public IReadOnlyList<string> VersionCommand { get; init; } = [];

    /// <summary>Other names that requests may use.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The container image, with its tag.</summary>
    public required string Image { get; init; }

    /// <summary>Name of the main file when a request gives none.</summary>
    public required string File { get; init; }

    /// <summary>Arguments of the compiler; null: nothing is compiled. <see cref="Fill"/> tells what may stand in them.</summary>
    public IReadOnlyList<string>? Compile { get; init; }

    /// <summary>Arguments of the program.</summary>
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>Arguments of a syntax check that runs nothing; null: there is none.</summary>
    public IReadOnlyList<string>? Check { get; init; }

    public required LanguageLimits Limits { get; init; }

    /// <summary>How many started sandboxes wait for a run.</summary>
    public int Pool { get; init; }

    /// <summary>A program that an editor opens with.</summary>
    public required string Example { get; init; }

    /// <summary>A program of several files, the main file first; empty when the language shows none.</summary>
    public IReadOnlyList<LanguageFile> MultiFile { get; init; } = [];

    /// <summary>
    /// The arguments with what stands for files replaced: <c>{file}</c> is the main file, <c>{name}</c> the same without its extension, and
    /// <c>{sources}</c>, an argument of its own, all files with the main file's extension, the main file last.
    /// </summary>
    /// <param name="arguments">As the catalogue has them.</param>
    /// <param name="files">Paths of the run's files, the main file first.</param>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> arguments, params IReadOnlyList<string> files)
    {
        var main = NoOption(files[0]);
        var extension = Path.GetExtension(main);
        var name = main[..^extension.Length];
        return
        [
            .. arguments.SelectMany(argument => argument == "{sources}"
                ? files.Skip(1).Where(file => Path.GetExtension(file) == extension).Select(NoOption).Append(main)
                : [argument.Replace("{file}", main, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal)]),
        ];
    }

    /// <summary>A tool must not take a file's name for one of its options.</summary>
    private static string NoOption(string path) => path.StartsWith('-') ? $"./{path}" : path;
}

/// <summary>A file of an example.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record LanguageFile(string Path, string Content);

/// <summary>Limits of a run.</summary>
public sealed record LanguageLimits
{
    /// <summary>CPU seconds of all processes of the program.</summary>
    public double CpuSeconds { get; init; } = 5;

    /// <summary>Seconds from start to end.</summary>
    public double WallSeconds { get; init; } = 15;

    /// <summary>Seconds, wall and CPU, of the compiler.</summary>
    public double CompileSeconds { get; init; } = 15;

    /// <summary>Megabytes of the whole sandbox, its file systems included.</summary>
    public int MemoryMegabytes { get; init; } = 256;

    /// <summary>Megabytes of the work directory.</summary>
    public int WorkMegabytes { get; init; } = 64;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 64;

    public int OpenFiles { get; init; } = 256;

    /// <summary>Bytes of each of the two outputs.</summary>
    public int OutputBytes { get; init; } = 1_048_576;

    /// <summary>Seconds from start to end where a person gives the input: people read and think.</summary>
    public double InteractiveSeconds { get; init; } = 600;

    /// <summary>Bytes of each of the two outputs where a reader takes them as they come, so that nothing is kept.</summary>
    public int InteractiveOutputBytes { get; init; } = 64 * 1024 * 1024;
}
