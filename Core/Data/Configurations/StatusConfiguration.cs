using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

/// <summary>The two tables of the status page.</summary>
internal sealed class StatusConfiguration : IEntityTypeConfiguration<ServiceStatus>, IEntityTypeConfiguration<Incident>
{
    public void Configure(EntityTypeBuilder<ServiceStatus> builder)
    {
        builder.ToTable("service_status");
        builder.HasAllowedValues(nameof(ServiceStatus.Status), "operational", "degraded", "down");
        builder.Property(row => row.ServiceName).HasMaxLength(100);
        builder.Property(row => row.Status).HasMaxLength(50);
        builder.Property(row => row.UptimePercentage).HasPrecision(5, 2);
        builder.Property(row => row.LastCheckedAt).DefaultsToNow();
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => new { row.ServiceName, row.LastCheckedAt }).IsDescending(false, true);
    }

    public void Configure(EntityTypeBuilder<Incident> builder)
    {
        builder.ToTable("incidents");
        builder.HasAllowedValues(nameof(Incident.Status), "investigating", "identified", "monitoring", "resolved");
        builder.HasAllowedValues(nameof(Incident.Severity), "minor", "major", "critical");
        builder.Property(row => row.Title).HasMaxLength(255);
        builder.Property(row => row.Status).HasMaxLength(50);
        builder.Property(row => row.Severity).HasMaxLength(50);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.Property(row => row.UpdatedAt).DefaultsToNow();
        builder.HasIndex(row => row.StartedAt).IsDescending(true);
        builder.HasIndex(row => row.StartedAt, "ix_incidents_open").HasFilter("status <> 'resolved'");
    }
}
