using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;

namespace Platform.Api.Auth.Mails;

/// <summary>Whoever reads this may set a new password.</summary>
internal static class PasswordResetMail
{
    public static MailContent Write(string name, string token, TimeSpan lifetime, PublicLinks links) =>
        new(
            "Set a new password",
            $"Hello {name},",
            $"somebody, we hope you, forgot the password of your account. The link lets you set a new one. It works once, for {lifetime.TotalMinutes:0} minutes.")
        {
            Link = new MailLink("Set a new password", links.ToPage("reset-password", token)),
            Note = "If that was not you, ignore this mail. Your password stays as it is.",
        };
}
