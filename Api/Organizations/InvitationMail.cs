using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Words the mail that invites.</summary>
internal sealed class InvitationMail(PublicLinks links, IOptions<OrganizationOptions> options)
{
    public MailContent Compose(string organization, CurrentUser inviter, OrganizationRole role, string secret)
    {
        var days = Math.Max(1, (int)options.Value.InvitationLifetime.TotalDays);
        return new MailContent(
            $"Join {organization} on Autostack",
            $"{inviter.Name} invites you to the organisation {organization} as {role.ToWord()}.",
            "Sign in, or create an account with this email address, to accept.")
        {
            Link = new MailLink("See the invitation", links.ToPage("/invitations", secret)),
            Note = $"The invitation is for you alone and good for {days} days. If you do not know {inviter.Name}, ignore this mail.",
        };
    }
}
