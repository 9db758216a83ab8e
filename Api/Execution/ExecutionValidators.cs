using System.Text;
using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Execution.Callbacks;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal sealed class ExecuteRequestValidator : AbstractValidator<ExecuteRequest>
{
    /// <summary>Bytes of arguments, variables and names of files together: a command goes to the sandbox in one frame.</summary>
    public const int MaxCommandBytes = 224 * 1024;

    private readonly ExecutionOptions _limits;

    public ExecuteRequestValidator(LanguageCatalog catalog, IOptions<ExecutionOptions> options, CallbackAddresses callbacks)
    {
        _limits = options.Value;
        Include(new ProgramRules<ExecuteRequest>(catalog, _limits, request => request.Language, request => request.Code, request => request.Files));
        RuleFor(request => request.Stdin).Custom((stdin, context) => CheckContent(
            stdin, context.InstanceToValidate.StdinEncoding, _limits.MaxStdinBytes, "The input", nameof(ExecuteRequest.Stdin), context));
        RuleFor(request => request.Input).Custom((input, context) => CheckContent(
            input, context.InstanceToValidate.StdinEncoding, _limits.MaxStdinBytes, "The input", nameof(ExecuteRequest.Input), context));
        RuleFor(request => request.Input).Null().When(request => request.Stdin is not null, ApplyConditionTo.CurrentValidator).WithMessage("Give either stdin or input.");
        RuleFor(request => request.Args).Custom((args, context) => CheckArguments(args, nameof(ExecuteRequest.Args), context));
        RuleFor(request => request.Env).Custom(CheckEnvironment);
        RuleFor(request => request).Custom(CheckCommand);
        RuleFor(request => request.Limits).Custom((limits, context) => CheckLimits(limits, catalog.Find(context.InstanceToValidate.Language ?? ""), context));
        RuleFor(request => request.Tests).Custom((tests, context) => CheckTests(tests, catalog.Find(context.InstanceToValidate.Language ?? ""), context));
        RuleFor(request => request.Callback).Custom((callback, context) => CheckCallback(callback, callbacks, context));
    }

    private static void CheckContent<T>(string? text, ContentEncoding? encoding, long most, string what, string field, ValidationContext<T> context)
    {
        var length = ContentText.Measure(text, encoding);
        if (length < 0) context.AddFailure(field, $"{what} is not written in {(encoding == ContentEncoding.Hex ? "hex" : "base64")}.");
        else if (length > most) context.AddFailure(field, $"{what} is longer than {most} bytes.");
    }

    private void CheckArguments(IReadOnlyList<string>? args, string field, ValidationContext<ExecuteRequest> context)
    {
        if (args is null) return;
        if (args.Count > _limits.MaxArguments) context.AddFailure(field, $"There are more than {_limits.MaxArguments} arguments.");
        else if (args.Any(arg => arg is null || arg.Contains('\0', StringComparison.Ordinal))) context.AddFailure(field, "An argument is null or contains a NUL character.");
        else if (args.Sum(arg => (long)Encoding.UTF8.GetByteCount(arg) + 1) > _limits.MaxArgumentBytes)
            context.AddFailure(field, $"The arguments are longer than {_limits.MaxArgumentBytes} bytes together.");
    }

    private void CheckEnvironment(IReadOnlyDictionary<string, string>? env, ValidationContext<ExecuteRequest> context)
    {
        if (env is null) return;
        if (env.Count > _limits.MaxArguments) context.AddFailure($"There are more than {_limits.MaxArguments} variables.");
        else if (env.Keys.Any(name => !IsVariable(name))) context.AddFailure("A variable's name consists of letters, digits and '_' and does not start with a digit.");
        else if (env.Values.Any(value => value is null || value.Contains('\0', StringComparison.Ordinal))) context.AddFailure("A variable's value is null or contains a NUL character.");
        else if (env.Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value) + 2) > _limits.MaxArgumentBytes)
            context.AddFailure($"The variables are longer than {_limits.MaxArgumentBytes} bytes together.");
    }

    /// <summary>Each fits, and together they do not fit into the command that a sandbox takes.</summary>
    private void CheckCommand(ExecuteRequest request, ValidationContext<ExecuteRequest> context)
    {
        var variables = request.Env is { } env ? env.Sum(entry => Bytes(entry.Key) + Bytes(entry.Value)) : 0;
        var names = request.Files?.Sum(file => Bytes(file?.Name)) ?? 0;
        if (Longest(request.Args) + variables + names > MaxCommandBytes) context.AddFailure("args", TooLong("arguments, variables and names of files"));
        for (var index = 0; index < (request.Tests?.Count ?? 0); index++)
        {
            if (request.Tests![index]?.Args is { } args && Longest(args) + variables + names > MaxCommandBytes)
                context.AddFailure($"tests[{index}].args", TooLong("arguments of the test, variables and names of files"));
        }

        static long Longest(IReadOnlyList<string>? args) => args?.Sum(Bytes) ?? 0;
        static long Bytes(string? text) => Encoding.UTF8.GetByteCount(text ?? "") + 1L;
        static string TooLong(string what) => $"The {what} are longer than {MaxCommandBytes} bytes together.";
    }

    private static bool IsVariable(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private static void CheckLimits(ExecuteLimitsRequest? limits, Language? language, ValidationContext<ExecuteRequest> context)
    {
        if (limits is null || language is null) return;
        var most = language.Limits;
        CheckLimit("limits.cpuSeconds", limits.CpuSeconds, most.CpuSeconds, context);
        CheckLimit("limits.wallSeconds", limits.WallSeconds, most.WallSeconds, context);
        CheckLimit("limits.compileSeconds", limits.CompileSeconds, most.CompileSeconds, context);
        CheckLimit("limits.memoryMegabytes", limits.MemoryMegabytes, most.MemoryMegabytes, context);
        CheckLimit("limits.processes", limits.Processes, most.Processes, context);
        CheckLimit("limits.outputBytes", limits.OutputBytes, most.OutputBytes, context);
    }

    private static void CheckLimit(string field, double? value, double most, ValidationContext<ExecuteRequest> context)
    {
        if (value is { } given && !(given > 0 && given <= most)) context.AddFailure(field, $"Must be more than 0 and at most {most}.");
    }

    private void CheckTests(IReadOnlyList<ExecuteTestRequest>? tests, Language? language, ValidationContext<ExecuteRequest> context)
    {
        if (tests is null) return;
        if (tests.Count == 0 || tests.Count > _limits.MaxTests)
        {
            context.AddFailure($"Give 1 to {_limits.MaxTests} tests.");
            return;
        }

        for (var index = 0; index < tests.Count; index++)
        {
            if (tests[index] is { } test) CheckTest(test, $"tests[{index}]", language, context);
            else context.AddFailure($"tests[{index}]", "A test is null.");
        }

        var bytes = tests.Sum(test => test is null ? 0 : Math.Max(0, ContentText.Measure(test.Stdin, test.Encoding)) + Math.Max(0, ContentText.Measure(test.Expected, test.Encoding)));
        if (bytes > _limits.MaxTestBytes) context.AddFailure($"The tests are longer than {_limits.MaxTestBytes} bytes together.");
    }

    private void CheckTest(ExecuteTestRequest test, string field, Language? language, ValidationContext<ExecuteRequest> context)
    {
        if (test.Name is { Length: > 200 }) context.AddFailure($"{field}.name", "A name is longer than 200 characters.");
        CheckContent(test.Stdin, test.Encoding, _limits.MaxStdinBytes, "The input", $"{field}.stdin", context);
        CheckContent(test.Expected, test.Encoding, _limits.MaxStdinBytes, "The expected output", $"{field}.expected", context);
        CheckArguments(test.Args, $"{field}.args", context);
        if (test.Tolerance is { Absolute: < 0 or double.NaN } or { Relative: < 0 or double.NaN })
            context.AddFailure($"{field}.tolerance", "A tolerance is not negative.");
        if (language is null) return;
        CheckLimit($"{field}.cpuSeconds", test.CpuSeconds, language.Limits.CpuSeconds, context);
        CheckLimit($"{field}.wallSeconds", test.WallSeconds, language.Limits.WallSeconds, context);
    }

    private static void CheckCallback(ExecuteCallbackRequest? callback, CallbackAddresses addresses, ValidationContext<ExecuteRequest> context)
    {
        if (callback is null) return;
        if (context.InstanceToValidate.Mode != ExecuteMode.Async) context.AddFailure("callback", "There is a callback with \"mode\": \"async\" only.");
        if (addresses.Refuse(callback.Url) is { } reason) context.AddFailure("callback.url", reason);
        if (callback.Secret is not { Length: >= 16 and <= 256 }) context.AddFailure("callback.secret", "Give a secret of 16 to 256 characters to sign with.");
    }
}

/// <summary>What every request with a program has to keep to: a language, and its one or several files.</summary>
internal sealed class ProgramRules<T> : AbstractValidator<T>
{
    private readonly ExecutionOptions _limits;

    public ProgramRules(
        LanguageCatalog catalog,
        ExecutionOptions limits,
        System.Linq.Expressions.Expression<Func<T, string?>> language,
        System.Linq.Expressions.Expression<Func<T, string?>> code,
        System.Linq.Expressions.Expression<Func<T, IReadOnlyList<ExecuteFileRequest>?>> files)
    {
        _limits = limits;
        var (readCode, readFiles, readLanguage) = (code.Compile(), files.Compile(), language.Compile());
        RuleFor(language)
            .NotEmpty().WithMessage("Name a language.")
            .Must(name => catalog.Find(name!) is not null)
            .When(request => !string.IsNullOrEmpty(readLanguage(request)), ApplyConditionTo.CurrentValidator)
            .WithMessage($"There is no such language. Known: {string.Join(", ", catalog.Languages.Select(known => known.Id))}.");
        RuleFor(code).Custom((text, context) => CheckCode(text, readFiles(context.InstanceToValidate), context));
        RuleFor(files).Custom((list, context) => CheckFiles(
            list, readCode(context.InstanceToValidate), catalog.Find(readLanguage(context.InstanceToValidate) ?? ""), context));
    }

    private void CheckCode(string? code, IReadOnlyList<ExecuteFileRequest>? files, ValidationContext<T> context)
    {
        if (files is not null) return;
        if (string.IsNullOrEmpty(code)) context.AddFailure("There is no code.");
        else if (ContentText.Measure(code, ContentEncoding.Utf8) > _limits.MaxCodeBytes) context.AddFailure($"The code is longer than {_limits.MaxCodeBytes} bytes.");
    }

    private void CheckFiles(IReadOnlyList<ExecuteFileRequest>? files, string? code, Language? language, ValidationContext<T> context)
    {
        if (files is null) return;
        if (code is not null) context.AddFailure("Give either code or files.");
        if (files.Count == 0 || files.Count > _limits.MaxFiles)
        {
            context.AddFailure($"Give 1 to {_limits.MaxFiles} files.");
            return;
        }

        long bytes = 0;
        var names = new List<string>(files.Count);
        for (var index = 0; index < files.Count; index++)
        {
            var file = files[index];
            if (file is null || file.Content is null)
            {
                context.AddFailure($"files[{index}]", "A file has no content.");
                continue;
            }

            var name = file.Name ?? (index == 0 ? language?.File : null) ?? "";
            if (FileNames.Refuse(name) is { } reason && (file.Name is not null || language is not null || index > 0)) context.AddFailure($"files[{index}].name", reason);
            names.Add(name);
            var length = ContentText.Measure(file.Content, file.Encoding);
            if (length < 0) context.AddFailure($"files[{index}].content", $"The content is not written in {(file.Encoding == ContentEncoding.Hex ? "hex" : "base64")}.");
            bytes += Math.Max(0, length);
        }

        if (bytes > _limits.MaxCodeBytes) context.AddFailure($"The files are longer than {_limits.MaxCodeBytes} bytes together.");
        if (FileNames.RefuseTogether(names) is { } clash) context.AddFailure(clash);
    }
}
