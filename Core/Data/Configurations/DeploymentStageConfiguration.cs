using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class DeploymentStageConfiguration : IEntityTypeConfiguration<DeploymentStage>
{
    public void Configure(EntityTypeBuilder<DeploymentStage> builder)
    {
        builder.ToTable("deployment_stages");
        builder.HasAllowedValues(nameof(DeploymentStage.StageName), DeploymentStatus.All);
        builder.HasAllowedValues(nameof(DeploymentStage.Status), "pending", "in_progress", "completed", "failed");
        builder.Property(stage => stage.StageName).HasMaxLength(50);
        builder.Property(stage => stage.Status).HasMaxLength(50).HasDefaultValue("pending");
        builder.Property(stage => stage.CreatedAt).DefaultsToNow();
        builder.HasIndex(stage => stage.DeploymentId);
    }
}
