using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class DeploymentLogConfiguration : IEntityTypeConfiguration<DeploymentLog>
{
    public void Configure(EntityTypeBuilder<DeploymentLog> builder)
    {
        builder.ToTable("deployment_logs", table => table.HasCheckConstraint("ck_deployment_logs_seq", "seq > 0"));
        builder.HasAllowedValues(nameof(DeploymentLog.LogLevel), "info", "warning", "error");
        builder.HasOne<Deployment>().WithMany().HasForeignKey(line => line.DeploymentId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(line => line.LogLevel).HasMaxLength(20);
        builder.Property(line => line.Timestamp).DefaultsToNow();
        builder.Property(line => line.CreatedAt).DefaultsToNow();
        builder.HasIndex(line => new { line.DeploymentId, line.Seq }).IsUnique();
    }
}
