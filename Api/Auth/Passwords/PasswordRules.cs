using FluentValidation;

namespace Platform.Api.Auth.Passwords;

internal static class PasswordRules
{
    public const int MinLength = 8;

    /// <summary>A bound on the work of hashing, far above any passphrase.</summary>
    public const int MaxLength = 128;

    /// <summary>A password that an account may get.</summary>
    public static IRuleBuilderOptions<T, string?> NewPassword<T>(this IRuleBuilderInitial<T, string?> rule) =>
        rule.Cascade(CascadeMode.Stop).NotEmpty()
            .MinimumLength(MinLength)
            .MaximumLength(MaxLength)
            .Must(password => !CommonPasswords.Contains(password!)).WithMessage("This password is among the most used ones. Choose another one.");

    /// <summary>Whether the password is what everybody knows of the account.</summary>
    public static bool IsOwn(string password, params ReadOnlySpan<string?> known)
    {
        foreach (var text in known)
        {
            if (string.Equals(password, text, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
