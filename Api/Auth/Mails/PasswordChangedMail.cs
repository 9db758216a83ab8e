using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;

namespace Platform.Api.Auth.Mails;

/// <summary>Tells the owner that the password was changed by a mailed link.</summary>
internal static class PasswordChangedMail
{
    public static MailContent Write(string name, DateTimeOffset at, PublicLinks links) =>
        new(
            "Your password was changed",
            $"Hello {name},",
            $"your password was set anew at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC. All devices were signed out.")
        {
            Link = new MailLink("That was not me", links.ToPage("forgot-password")),
            Note = "If that was not you, set a new password at once, and look after the mailbox of this address: whoever did it reads it.",
        };
}
