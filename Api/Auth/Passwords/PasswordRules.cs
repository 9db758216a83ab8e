namespace Platform.Api.Auth.Passwords;

internal static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 128;
}
