using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Checking;

internal sealed class ValidateCodeRequestValidator : AbstractValidator<ValidateCodeRequest>
{
    public ValidateCodeRequestValidator(LanguageCatalog catalog, IOptions<ExecutionOptions> options)
    {
        Include(new ProgramRules<ValidateCodeRequest>(catalog, options.Value, request => request.Language, request => request.Code, request => request.Files));
        RuleFor(request => request.Language)
            .Must(name => catalog.Find(name ?? "") is not { Check: null, Compile: null })
            .WithMessage("The tools of this language cannot check without running.");
    }
}
