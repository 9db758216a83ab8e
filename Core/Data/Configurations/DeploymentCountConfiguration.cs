using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class DeploymentCountConfiguration : IEntityTypeConfiguration<DeploymentCount>
{
    public void Configure(EntityTypeBuilder<DeploymentCount> builder)
    {
        builder.ToTable("deployment_counts");
        builder.HasKey(count => new { count.OwnerId, count.Status });
        builder.Property(count => count.Status).HasMaxLength(50);
    }
}
