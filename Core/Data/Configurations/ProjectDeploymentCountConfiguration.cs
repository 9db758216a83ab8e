using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class ProjectDeploymentCountConfiguration : IEntityTypeConfiguration<ProjectDeploymentCount>
{
    public void Configure(EntityTypeBuilder<ProjectDeploymentCount> builder)
    {
        builder.ToTable("project_deployment_counts");
        builder.HasKey(count => new { count.ProjectId, count.Environment, count.Status });
        builder.Property(count => count.Environment).HasMaxLength(20);
        builder.Property(count => count.Status).HasMaxLength(50);
    }
}
