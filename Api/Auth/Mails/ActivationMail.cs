using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;

namespace Platform.Api.Auth.Mails;

/// <summary>After sign-up: proves that the address is theirs.</summary>
internal static class ActivationMail
{
    public static MailContent Write(string name, string token, string code, TimeSpan lifetime, PublicLinks links) =>
        new(
            "Confirm your email address",
            $"Hello {name},",
            $"welcome to Autostack. Type this code where you signed up, or open the link; both work for {lifetime.TotalMinutes:0} minutes, on any device.")
        {
            Code = code,
            Link = new MailLink("Confirm the address", links.ToPage("verify-email", token)),
            Note = "If you did not sign up, somebody mistyped their address: ignore this mail, and nothing happens.",
        };
}
