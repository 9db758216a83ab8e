using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>, IEntityTypeConfiguration<NotificationCounter>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("notifications");
        builder.BelongsToUser(notification => notification.UserId);
        builder.Property(notification => notification.Type).HasMaxLength(50);
        builder.Property(notification => notification.Title).HasMaxLength(200);
        builder.Property(notification => notification.Message).HasMaxLength(1000);
        builder.Property(notification => notification.Link).HasMaxLength(500);
        builder.Property(notification => notification.Data).HasColumnType("jsonb");
        builder.Property(notification => notification.DedupeKey).HasMaxLength(200);
        builder.Property(notification => notification.CreatedAt).DefaultsToNow();
        builder.HasIndex(notification => new { notification.UserId, notification.Seq }).IsUnique();
        builder.HasIndex(notification => new { notification.UserId, notification.DedupeKey }).IsUnique();
        builder.HasIndex(notification => notification.UserId).HasFilter("read_at IS NULL").HasDatabaseName("ix_notifications_unread");
    }

    public void Configure(EntityTypeBuilder<NotificationCounter> builder)
    {
        builder.ToTable("notification_counters");
        builder.HasKey(counter => counter.UserId);
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<NotificationCounter>(counter => counter.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
