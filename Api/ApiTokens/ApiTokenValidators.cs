using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Access;
using Platform.Api.Common.Validation;

namespace Platform.Api.ApiTokens;

internal sealed class CreateApiTokenValidator : AbstractValidator<CreateApiTokenRequest>
{
    private const int MaxName = 100;
    private const int LongestDays = 3650;

    public CreateApiTokenValidator(IOptions<ApiTokenOptions> options)
    {
        RuleFor(request => request.Name).NotEmpty().MaximumLength(MaxName).SingleLine();
        RuleFor(request => request.Scopes).NotEmpty().WithMessage("Choose at least one scope.");
        RuleFor(request => request.Scopes)
            .Must(scopes => scopes is null || (scopes.Count <= ApiScopes.All.Count && scopes.All(ApiScopes.IsKnown)))
            .WithMessage($"Choose from {string.Join(", ", ApiScopes.All.Select(scope => scope.Name))}, each once.");
        RuleFor(request => request.Scopes)
            .Must((request, scopes) => request.OrganizationId is null || scopes is null || !ApiScopes.All.Any(known => known.IsPersonal && scopes.Contains(known.Name)))
            .WithMessage("A token for one organisation cannot have scopes that speak of the account.");
        var most = options.Value.MaxDays ?? LongestDays;
        RuleFor(request => request.ExpiresInDays).InclusiveBetween(1, most);
        RuleFor(request => request.ExpiresInDays).Must((request, days) => days is null || request.NeverExpires != true)
            .WithMessage("Say either when it ends or that it does not.");
        RuleFor(request => request.NeverExpires).Must(never => never != true || options.Value.MaxDays is null)
            .WithMessage($"Tokens are good for at most {most} days here.");
    }
}
