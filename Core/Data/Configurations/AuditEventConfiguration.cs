using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        // No foreign keys: the record outlives what it speaks of.
        builder.ToTable("audit_events");
        builder.Property(entry => entry.CreatedAt).DefaultsToNow();
        builder.Property(entry => entry.Action).HasMaxLength(100);
        builder.Property(entry => entry.TargetType).HasMaxLength(50);
        builder.Property(entry => entry.TargetId).HasMaxLength(255);
        builder.Property(entry => entry.IpAddress).HasMaxLength(64);
        builder.Property(entry => entry.UserAgent).HasMaxLength(512);
        builder.Property(entry => entry.Details).HasColumnType("jsonb");

        builder.HasIndex(entry => new { entry.ActorId, entry.CreatedAt });
        builder.HasIndex(entry => new { entry.OwnerId, entry.CreatedAt });
        builder.HasIndex(entry => new { entry.TargetId, entry.CreatedAt });
        builder.HasIndex(entry => entry.CreatedAt);
    }
}
