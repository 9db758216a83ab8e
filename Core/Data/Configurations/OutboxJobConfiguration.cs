using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class OutboxJobConfiguration : IEntityTypeConfiguration<OutboxJob>
{
    public void Configure(EntityTypeBuilder<OutboxJob> builder)
    {
        builder.ToTable("outbox_jobs");
        builder.Property(job => job.Type).HasMaxLength(255);
        builder.Property(job => job.Queue).HasMaxLength(100);
        builder.Property(job => job.FairnessKey).HasMaxLength(100);
        builder.Property(job => job.TraceParent).HasMaxLength(64);
        builder.Property(job => job.NotBefore).DefaultsToNow();
        builder.Property(job => job.CreatedAt).DefaultsToNow();
        builder.HasIndex(job => job.CreatedAt);
    }
}
