using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;
using Platform.ExecutionWorker.Tests.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Languages;

/// <summary>Tries one language in real sandboxes with its own limits, each run in one of its own.</summary>
internal sealed partial class LanguageSmoke(SandboxFixture fixture, string id)
{
    private readonly Language _language = Catalog.Find(id)!;
    private readonly LanguageProgram _program = LanguageProgram.Of(id);

    public static LanguageCatalog Catalog { get; } = LanguageCatalog.Load("languages.yaml");

    public async Task TheToolsTellTheVersionAsync()
    {
        await using var sandbox = await fixture.StartAsync(_language);
        var run = await RunAsync(sandbox, Run(_language.VersionCommand), [], "");

        var told = Numbers(_language.Version);
        Versions().Matches(run.Output).Select(match => Numbers(match.Value))
            .ShouldContain(found => found[0] == told[0] && found[1] == told[1] && found[2] >= told[2], run.ToString());
    }

    /// <summary>The supervisor is looked for, too, so that a search that finds nothing is noticed.</summary>
    public async Task NoProgramRaisesRightsAsync()
    {
        await using var sandbox = await fixture.StartAsync(_language);
        string[] search = ["find", "/", "-xdev", "-type", "f", "(", "-perm", "/6000", "-o", "-path", "/usr/local/bin/supervisor", ")"];
        var run = await RunAsync(sandbox, Run(search), [], "");

        run.Stdout.ShouldBe("/usr/local/bin/supervisor\n");
    }

    /// <summary>Standard input arrives, and text that is not ASCII leaves as it came.</summary>
    public async Task TheExampleGreetsAsync() => ShouldGreet(await CompileAndRunAsync([(_language.File, _language.Example)], _program.Input));

    public async Task FilesFindEachOtherAsync() =>
        ShouldGreet(await CompileAndRunAsync([.. _language.MultiFile.Select(file => (file.Path, file.Content))], _program.Input));

    public async Task AFailureIsARuntimeErrorAsync()
    {
        var run = await CompileAndRunAsync([(_language.File, _program.Fail)], "");

        run.Result.Verdict.ShouldBe(RunVerdict.RuntimeError, run.ToString());
        run.Result.ExitCode.ShouldBe(_program.ExitCode, run.ToString());
        run.Stdout.ShouldContain(_program.Before);
    }

    public async Task TheCompilerRefusesAsync()
    {
        var run = await CompileAndRunAsync([(_language.File, _program.Broken!)], "");

        run.Result.Verdict.ShouldBe(RunVerdict.CompileError, run.ToString());
        run.Result.Message.ShouldBeNull();
        run.Output.ShouldNotBeEmpty();
    }

    /// <summary>The check finds nothing in the example, something in the broken program, and runs neither.</summary>
    public async Task TheCheckTellsGoodFromBrokenAsync()
    {
        var good = await CheckAsync(_language.Example);
        good.Result.Verdict.ShouldBe(RunVerdict.Ok, good.ToString());
        good.Stdout.ShouldNotContain("What is your name?");

        var broken = await CheckAsync(_program.Broken!);
        broken.Result.Verdict.ShouldBe(RunVerdict.RuntimeError, broken.ToString());
        broken.Output.ShouldNotBeEmpty();
    }

    /// <summary>Tools leave a last zero out (14.0) or fill up with one (2.16.01); Debian's updates change the third number.</summary>
    private static long[] Numbers(string version) =>
        [.. version.Split('.').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).Append(0).Append(0).Take(3)];

    private void ShouldGreet(Outcome run)
    {
        run.Result.Verdict.ShouldBe(RunVerdict.Ok, run.ToString());
        run.Stdout.ShouldContain(_program.Greeting, Case.Sensitive, run.ToString());
    }

    private async Task<Outcome> CheckAsync(string code)
    {
        await using var sandbox = await fixture.StartAsync(_language);
        var command = Compile(Language.Fill(_language.Check!, _language.File));
        return await RunAsync(sandbox, command, Bytes([(_language.File, code)]), "");
    }

    private async Task<Outcome> CompileAndRunAsync(IReadOnlyList<(string Path, string Content)> files, string input)
    {
        await using var sandbox = await fixture.StartAsync(_language);
        string[] paths = [.. files.Select(file => file.Path)];
        var sent = Bytes(files);
        if (_language.Compile is { } compiler)
        {
            var compiled = await RunAsync(sandbox, Compile(Language.Fill(compiler, paths)), sent, "");
            var failure = compiled.Exit is null ? VerdictJudge.OutOfMemory(compiling: true) : VerdictJudge.JudgeCompiler(compiled.Exit);
            if (failure is not null) return compiled with { Result = failure };
            sent = [];
        }

        return await RunAsync(sandbox, Run(Language.Fill(_language.Run, paths)), sent, input);
    }

    private static async Task<Outcome> RunAsync(
        Sandbox sandbox, SandboxCommand command, IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> files, string input)
    {
        var run = new SandboxRun(sandbox, Encoding.UTF8.GetBytes(input));
        await sandbox.StartAsync(files, command, CancellationToken.None);
        await run.FollowAsync(closeStdin: true);
        return new Outcome(run.Result, run.Exit, run.Text, run.Errors);
    }

    private SandboxCommand Compile(IReadOnlyList<string> arguments) => Run(arguments) with
    {
        WithStdin = false,
        WallTime = TimeSpan.FromSeconds(_language.Limits.CompileSeconds),
        CpuTime = TimeSpan.FromSeconds(_language.Limits.CompileSeconds),
    };

    private SandboxCommand Run(IReadOnlyList<string> arguments) => new()
    {
        Arguments = arguments,
        WithStdin = true,
        WallTime = TimeSpan.FromSeconds(_language.Limits.WallSeconds),
        CpuTime = TimeSpan.FromSeconds(_language.Limits.CpuSeconds),
        OutputBytes = _language.Limits.OutputBytes,
        FileBytes = _language.Limits.WorkMegabytes * 1024L * 1024,
        OpenFiles = _language.Limits.OpenFiles,
    };

    private static (string, ReadOnlyMemory<byte>)[] Bytes(IEnumerable<(string Path, string Content)> files) =>
        [.. files.Select(file => (file.Path, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Content)))];

    /// <summary>At least two numbers: a lone one is a year or a count of bits.</summary>
    [GeneratedRegex(@"\d{1,9}(\.\d{1,9})+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Versions();

    /// <summary>How one command ended; no exit when the kernel took the whole sandbox.</summary>
    private sealed record Outcome(RunResult Result, SandboxExit? Exit, string Stdout, string Stderr)
    {
        public string Output => Stdout + Stderr;

        public override string ToString() =>
            $"{Result.Verdict}, exit code {Result.ExitCode}, {Result.Signal} {Result.Message}\nstdout: {Stdout}\nstderr: {Stderr}";
    }
}
