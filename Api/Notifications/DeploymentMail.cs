using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;

namespace Platform.Api.Notifications;

/// <summary>The end of a deployment, for who asked for it.</summary>
internal static class DeploymentMail
{
    public static MailContent Write(string name, DeploymentFacts facts, bool succeeded, PublicLinks links)
    {
        var what = $"{facts.Project}, branch {facts.Branch}{(facts.CommitHash is { Length: >= 7 } hash ? $", commit {hash[..7]}" : "")}";
        return new MailContent(
            succeeded ? $"{facts.Project} is deployed" : $"The deployment of {facts.Project} failed",
            $"Hello {name},",
            succeeded ? $"{what}, is at {facts.Url}." : $"{what}, could not be deployed: {facts.ErrorMessage ?? "no reason was recorded."}")
        {
            Link = new MailLink(succeeded ? "See the deployment" : "See the log", links.ToPage($"deployments/{facts.Id}")),
            Note = "You choose in your settings which of these mails you get.",
        };
    }
}
