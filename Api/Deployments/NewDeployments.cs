using Platform.Api.Common;
using Platform.Core.Data.Entities;

namespace Platform.Api.Deployments;

/// <summary>Rows of deployments that are about to be placed.</summary>
internal static class NewDeployments
{
    /// <summary>A snapshot of the project as it is.</summary>
    /// <param name="project">What is deployed.</param>
    /// <param name="branch">Another branch than the project's own makes a preview.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="author">Their name; null: that of the commit, once it is known.</param>
    /// <param name="now">When.</param>
    public static Deployment Of(Project project, string branch, Guid userId, string? author, DateTimeOffset now) =>
        Of(project, branch, branch == project.Branch ? DeploymentTrust.Production : DeploymentTrust.Preview, userId, author, now);

    /// <summary>The same where the branch alone does not tell whom it is built for.</summary>
    public static Deployment Of(Project project, string branch, string trust, Guid userId, string? author, DateTimeOffset now) =>
        Complete(
            new Deployment
            {
                Branch = branch,
                Source = project.Repository,
                RootDir = project.RootDir,
                InstallCommand = project.InstallCommand,
                BuildCommand = project.BuildCommand,
                OutputDir = project.OutputDir,
                NodeVersion = project.NodeVersion,
                Submodules = project.Submodules,
                Environment = trust,
                EnvVars = trust == DeploymentTrust.Preview ? project.PreviewEnvVars : project.EnvVars,
            },
            project,
            userId,
            author,
            now);

    /// <summary>The same commit with the settings of then. Whoever asks may approve what comes from a fork, and does so by asking.</summary>
    public static Deployment Again(Deployment old, Project project, CurrentUser user, DateTimeOffset now) => Complete(
        new Deployment
        {
            Branch = old.Branch,
            Source = old.Source,
            RequestedCommit = old.CommitHash ?? old.RequestedCommit,
            PullRequest = old.PullRequest,
            Approval = old.Approval is null ? null : DeploymentApproval.Approved,
            RootDir = old.RootDir,
            InstallCommand = old.InstallCommand,
            BuildCommand = old.BuildCommand,
            OutputDir = old.OutputDir,
            NodeVersion = old.NodeVersion,
            Submodules = old.Submodules,
            Environment = old.Environment,
            EnvVars = old.EnvVars,
        },
        project,
        user.Id,
        user.Name,
        now);

    /// <summary>The latest commit of its branch with the settings of now. What comes from a fork stays a preview of the fork, whatever its branch is called.</summary>
    public static Deployment LatestOf(Deployment old, Project project, CurrentUser user, DateTimeOffset now)
    {
        var deployment = Of(project, old.Branch, user.Id, user.Name, now);
        deployment.PullRequest = old.PullRequest;
        if (old.Approval is null) return deployment;
        (deployment.Source, deployment.Approval) = (old.Source, DeploymentApproval.Approved);
        (deployment.Environment, deployment.EnvVars) = (DeploymentTrust.Preview, project.PreviewEnvVars);
        return deployment;
    }

    /// <summary>Says whose it is and gives it its stages.</summary>
    public static Deployment Complete(Deployment deployment, Project project, Guid userId, string? author, DateTimeOffset now)
    {
        (deployment.Id, deployment.OwnerId, deployment.ProjectId) = (Guid.CreateVersion7(now), project.OwnerId, project.Id);
        (deployment.UserId, deployment.Author, deployment.CreatedAt) = (userId, author, now);
        foreach (var stage in new[] { DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying, DeploymentStatus.Success })
        {
            var first = stage == DeploymentStatus.Queued;
            deployment.Stages.Add(new DeploymentStage
            {
                Id = Guid.CreateVersion7(now),
                DeploymentId = deployment.Id,
                StageName = stage,
                Status = first ? "in_progress" : "pending",
                StartedAt = first ? now : null,
                CreatedAt = now,
            });
        }

        return deployment;
    }
}
