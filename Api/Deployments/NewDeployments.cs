using Platform.Api.Common;
using Platform.Core.Data.Entities;

namespace Platform.Api.Deployments;

/// <summary>Rows of deployments that are about to be placed.</summary>
internal static class NewDeployments
{
    /// <summary>A snapshot of the project as it is.</summary>
    /// <param name="project">What is deployed.</param>
    /// <param name="branch">Another branch than the project's own makes a preview.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="now">When.</param>
    public static Deployment Of(Project project, string branch, CurrentUser user, DateTimeOffset now)
    {
        var trust = branch == project.Branch ? DeploymentTrust.Production : DeploymentTrust.Preview;
        return Complete(
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
            user,
            now);
    }

    /// <summary>Says whose it is and gives it its stages.</summary>
    public static Deployment Complete(Deployment deployment, Project project, CurrentUser user, DateTimeOffset now)
    {
        (deployment.Id, deployment.OwnerId, deployment.ProjectId) = (Guid.CreateVersion7(now), project.OwnerId, project.Id);
        (deployment.UserId, deployment.Author, deployment.CreatedAt) = (user.Id, user.Name, now);
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
