using System.Net.Mail;
using FluentValidation;

namespace Platform.Api.Common.Validation;

/// <summary>Rules about text that several requests share.</summary>
internal static class TextRules
{
    /// <summary>One line of text: no control characters (PostgreSQL refuses NUL, logs and mails refuse line breaks).</summary>
    public static IRuleBuilderOptions<T, string?> SingleLine<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || !text.Any(char.IsControl)).WithMessage("Must be one line of text.");

    /// <summary>An address that mail can be sent to; quoted local parts and comments are not taken.</summary>
    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || IsEmail(text)).WithMessage("Must be an email address.");

    internal static bool IsEmail(string text)
    {
        // The longest path that SMTP allows, without its angle brackets.
        if (text.Length is 0 or > 254 || text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character is '"' or '(' or ')' or ',' or '<' or '>')) return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && MailAddress.TryCreate(text, out var address) && address.Address == text;
    }
}
