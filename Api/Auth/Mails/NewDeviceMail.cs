using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;

namespace Platform.Api.Auth.Mails;

/// <summary>A sign-in from where there was none before.</summary>
internal static class NewDeviceMail
{
    public static MailContent Write(string name, string device, string? address, DateTimeOffset at, PublicLinks links) =>
        new(
            "New sign-in to your account",
            $"Hello {name},",
            $"your account was used from a device or network that we did not know: {device}, address {address ?? "unknown"}, at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC.")
        {
            Link = new MailLink("See your sessions", links.ToPage("settings")),
            Note = "If that was not you, end the session there and change your password.",
        };
}
