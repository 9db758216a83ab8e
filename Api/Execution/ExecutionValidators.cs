using System.Text;
using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal sealed class ExecuteRequestValidator : AbstractValidator<ExecuteRequest>
{
    private const int MaxArguments = 256;

    public ExecuteRequestValidator(LanguageCatalog catalog, IOptions<ExecutionOptions> options)
    {
        var limits = options.Value;
        RuleFor(request => request.Language)
            .NotEmpty().WithMessage("Name a language.")
            .Must(name => catalog.Find(name!) is not null)
            .When(request => !string.IsNullOrEmpty(request.Language), ApplyConditionTo.CurrentValidator)
            .WithMessage($"There is no such language. Known: {string.Join(", ", catalog.Languages.Select(language => language.Id))}.");
        RuleFor(request => request.Code)
            .NotEmpty().WithMessage("There is no code.")
            .Must(code => Fits(code, limits.MaxCodeBytes)).WithMessage($"The code is longer than {limits.MaxCodeBytes} bytes.");
        RuleFor(request => request.Stdin)
            .Must(stdin => Fits(stdin, limits.MaxStdinBytes)).WithMessage($"The input is longer than {limits.MaxStdinBytes} bytes.");
        RuleFor(request => request.Args)
            .Must(args => args is not { Count: > MaxArguments }).WithMessage($"There are more than {MaxArguments} arguments.")
            .Must(args => args is null || !args.Any(arg => arg is null || arg.Contains('\0', StringComparison.Ordinal)))
            .WithMessage("An argument is null or contains a NUL character.")
            .Must(args => args is null || args.Sum(arg => arg is null ? 0L : Encoding.UTF8.GetByteCount(arg) + 1) <= limits.MaxArgumentBytes)
            .WithMessage($"The arguments are longer than {limits.MaxArgumentBytes} bytes together.");
    }

    private static bool Fits(string? text, int bytes) => text is null || text.Length <= bytes && Encoding.UTF8.GetByteCount(text) <= bytes;
}
