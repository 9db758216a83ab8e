using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Tests.Contract;
using Platform.ExecutionWorker.Tests.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Languages;

/// <summary>Tries one language as the Api asks for it: through the worker's socket, in real sandboxes with the language's own limits.</summary>
internal sealed partial class LanguageSmoke(WorkerHarness worker, string id)
{
    private readonly Language _language = Catalog.Find(id)!;
    private readonly LanguageProgram _program = LanguageProgram.Of(id);

    public static LanguageCatalog Catalog { get; } = LanguageCatalog.Load("languages.yaml");

    public async Task TheToolsTellTheVersionAsync()
    {
        var run = await CommandAsync(_language.VersionCommand);

        var told = Numbers(_language.Version);
        Versions().Matches(run.Text + run.Errors).Select(match => Numbers(match.Value))
            .ShouldContain(found => found[0] == told[0] && found[1] == told[1] && found[2] >= told[2], run.Text + run.Errors);
    }

    /// <summary>The supervisor is looked for, too, so that a search that finds nothing is noticed.</summary>
    public async Task NoProgramRaisesRightsAsync()
    {
        var run = await CommandAsync(["find", "/", "-xdev", "-type", "f", "(", "-perm", "/6000", "-o", "-path", "/usr/local/bin/supervisor", ")"]);

        run.Text.ShouldBe("/usr/local/bin/supervisor\n");
    }

    /// <summary>Standard input arrives, and text that is not ASCII leaves as it came.</summary>
    public async Task TheExampleGreetsAsync() => ShouldGreet(await RunAsync([(_language.File, _language.Example)], _program.Input));

    public async Task FilesFindEachOtherAsync() =>
        ShouldGreet(await RunAsync([.. _language.MultiFile.Select(file => (file.Path, file.Content))], _program.Input));

    public async Task AFailureIsARuntimeErrorAsync()
    {
        var run = await RunAsync([(_language.File, _program.Fail)], "");

        run.Result!.Verdict.ShouldBe(RunVerdict.RuntimeError, Describe(run));
        run.Result.ExitCode.ShouldBe(_program.ExitCode, Describe(run));
        run.Stdout.ShouldContain(_program.Before);
    }

    public async Task TheCompilerRefusesAsync()
    {
        var run = await RunAsync([(_language.File, _program.Broken!)], "");

        run.Result!.Verdict.ShouldBe(RunVerdict.CompileError, Describe(run));
        run.Result.Message.ShouldBeNull();
        run.CompilerOutput.ShouldNotBeEmpty();
    }

    /// <summary>The check, or the compiler in its place, finds nothing in the example, something in the broken program, and runs neither.</summary>
    public async Task TheCheckTellsGoodFromBrokenAsync()
    {
        var good = await RunAsync([(_language.File, _language.Example)], "", RunMode.Check);
        good.Result!.Verdict.ShouldBe(RunVerdict.Ok, Describe(good));
        (good.Stdout + good.CompilerOutput).ShouldNotContain("What is your name?");

        var broken = await RunAsync([(_language.File, _program.Broken!)], "", RunMode.Check);
        broken.Result!.Verdict.ShouldBe(RunVerdict.CompileError, Describe(broken));
        broken.CompilerOutput.ShouldNotBeEmpty();
    }

    /// <summary>Tools leave a last zero out (14.0) or fill up with one (2.16.01); Debian's updates change the third number.</summary>
    private static long[] Numbers(string version) =>
        [.. version.Split('.').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).Append(0).Append(0).Take(3)];

    private void ShouldGreet(RunConversation run)
    {
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok, Describe(run));
        run.Stdout.ShouldContain(_program.Greeting, Case.Sensitive, Describe(run));
    }

    private async Task<RunConversation> RunAsync(IEnumerable<(string Path, string Content)> files, string input, RunMode mode = RunMode.Run)
    {
        var request = new RunRequest
        {
            Language = id,
            Mode = mode,
            Files = [.. files.Select(file => new RunFile(file.Path, Encoding.UTF8.GetBytes(file.Content)))],
        };
        var run = await worker.RunAsync(request, async conversation =>
        {
            if (input.Length > 0) await conversation.StdinAsync(input);
            await WorkerHarness.EndStdinAsync(conversation);
        });
        run.Unavailable.ShouldBeNull();
        return run;
    }

    /// <summary>A command of the image instead of a program.</summary>
    private async Task<SandboxRun> CommandAsync(IReadOnlyList<string> arguments)
    {
        var sandbox = await worker.Pools.TakeAsync(_language, CancellationToken.None);
        try
        {
            var run = new SandboxRun(sandbox, []);
            var command = new RunPlan(_language with { Run = arguments }, new RunRequest { Language = id, Files = [new RunFile(_language.File, [])] }).Program;
            await sandbox.StartAsync([], command, CancellationToken.None);
            await run.FollowAsync(closeStdin: true);
            return run;
        }
        finally
        {
            worker.Pools.Return(sandbox);
        }
    }

    private static string Describe(RunConversation run) =>
        $"{run.Result!.Verdict}, exit code {run.Result.ExitCode}, {run.Result.Signal} {run.Result.Message}\ncompiler: {run.CompilerOutput}\nstdout: {run.Stdout}\nstderr: {run.Stderr}";

    /// <summary>At least two numbers: a lone one is a year or a count of bits.</summary>
    [GeneratedRegex(@"\d{1,9}(\.\d{1,9})+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Versions();
}
