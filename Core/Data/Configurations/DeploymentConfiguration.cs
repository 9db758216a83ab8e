using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class DeploymentConfiguration : IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<Deployment> builder)
    {
        builder.ToTable("deployments");
        builder.HasAllowedValues(nameof(Deployment.Status), DeploymentStatus.All);
        builder.HasAllowedValues(nameof(Deployment.Environment), DeploymentTrust.All);
        builder.HasOne(deployment => deployment.Project).WithMany()
            .HasForeignKey(deployment => deployment.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(deployment => deployment.Stages).WithOne()
            .HasForeignKey(stage => stage.DeploymentId).OnDelete(DeleteBehavior.Cascade);

        builder.Property(deployment => deployment.Status).HasMaxLength(50).HasDefaultValue(DeploymentStatus.Queued);
        builder.Property(deployment => deployment.Branch).HasMaxLength(100);
        builder.HasAllowedValues(nameof(Deployment.Approval), DeploymentApproval.All);
        builder.Property(deployment => deployment.Source).HasMaxLength(255);
        builder.Property(deployment => deployment.RequestedCommit).HasMaxLength(40);
        builder.Property(deployment => deployment.Approval).HasMaxLength(20);
        builder.Property(deployment => deployment.CommitHash).HasMaxLength(40);
        builder.Property(deployment => deployment.Author).HasMaxLength(255);
        builder.Property(deployment => deployment.RootDir).HasMaxLength(255).HasDefaultValue("");
        builder.Property(deployment => deployment.OutputDir).HasMaxLength(255);
        builder.Property(deployment => deployment.NodeVersion).HasMaxLength(50);
        builder.Property(deployment => deployment.Submodules).HasDefaultValue(false);
        builder.Property(deployment => deployment.Environment).HasMaxLength(20).HasDefaultValue(DeploymentTrust.Production);
        // False must reach the row although it is the type's default.
        builder.Property(deployment => deployment.UseCache).HasDefaultValue(true).ValueGeneratedNever();
        builder.Property(deployment => deployment.ErrorCode).HasMaxLength(100);
        builder.Property(deployment => deployment.Manifest).HasColumnType("jsonb");
        builder.Property(deployment => deployment.CreatedAt).DefaultsToNow();

        // The lists of an owner, newest first, all and by status: both are read from the index by key, never sorted.
        builder.HasIndex(deployment => new { deployment.OwnerId, deployment.CreatedAt, deployment.Id }).IsDescending(false, true, true);
        builder.HasIndex(deployment => new { deployment.OwnerId, deployment.Status, deployment.CreatedAt, deployment.Id })
            .IsDescending(false, false, true, true);
        builder.HasIndex(deployment => new { deployment.ProjectId, deployment.CreatedAt, deployment.Id }).IsDescending(false, true, true);
        builder.HasIndex(deployment => new { deployment.ProjectId, deployment.Status, deployment.CreatedAt, deployment.Id })
            .IsDescending(false, false, true, true);
        builder.HasIndex(deployment => new { deployment.OwnerId, deployment.Branch, deployment.CreatedAt, deployment.Id })
            .IsDescending(false, false, true, true);
        builder.HasIndex(deployment => new { deployment.OwnerId, deployment.CreatedAt, deployment.Id }, "ix_deployments_previews")
            .IsDescending(false, true, true).HasFilter("environment = 'preview'");
        builder.HasIndex(deployment => deployment.UserId);
        // What retention and the collection of garbage read: few rows of many still have files.
        builder.HasIndex(deployment => new { deployment.OwnerId, deployment.ProjectId, deployment.CreatedAt })
            .HasDatabaseName("ix_deployments_with_files").HasFilter("manifest IS NOT NULL");
        // Nearly all rows are final; what is looked for by status alone is what is not.
        builder.HasIndex(deployment => new { deployment.Status, deployment.CreatedAt })
            .HasDatabaseName("ix_deployments_unfinished").HasFilter("status IN ('queued', 'building', 'deploying')");
    }
}
