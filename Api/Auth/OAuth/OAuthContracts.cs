using FluentValidation;
using Platform.Api.Auth.Passwords;

namespace Platform.Api.Auth.OAuth;

/// <param name="Url">Where a browser begins to sign in with it.</param>
internal sealed record ProviderResponse(string Id, string Name, string Url);

internal sealed record ProvidersResponse(IReadOnlyList<ProviderResponse> Providers);

/// <param name="Token">From the address of the login page, or from the mail.</param>
/// <param name="Password">The account's password; not needed with the token from the mail.</param>
internal sealed record LinkRequest(string? Token, string? Password);

/// <param name="ReturnUrl">The page to come back to; the settings when it is left out.</param>
internal sealed record LinkLoginRequest(string? ReturnUrl);

/// <param name="Url">Where to send the browser.</param>
internal sealed record LinkLoginResponse(string Url);

/// <param name="Provider"><c>github</c> or <c>google</c>.</param>
/// <param name="Name">What the provider calls the person.</param>
internal sealed record LoginResponse(string Provider, string? Name);

/// <param name="CanUnlink">False while this is the only way to sign in.</param>
internal sealed record LoginsResponse(IReadOnlyList<LoginResponse> Logins, bool HasPassword, bool CanUnlink);

internal sealed class LinkRequestValidator : AbstractValidator<LinkRequest>
{
    public LinkRequestValidator()
    {
        RuleFor(request => request.Token).NotEmpty().MaximumLength(100);
        RuleFor(request => request.Password).MaximumLength(PasswordRules.MaxLength);
    }
}
