using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>, IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks");
        builder.HasOne<Project>().WithMany().HasForeignKey(webhook => webhook.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PlatformUser>().WithMany().HasForeignKey(webhook => webhook.UserId).OnDelete(DeleteBehavior.SetNull);
        builder.Property(webhook => webhook.Url).HasMaxLength(2000);
        builder.Property(webhook => webhook.CreatedAt).DefaultsToNow();
        builder.Property(webhook => webhook.UpdatedAt).DefaultsToNow();
        builder.HasIndex(webhook => webhook.OwnerId);
        builder.HasIndex(webhook => webhook.ProjectId);
        builder.HasIndex(webhook => webhook.UserId);
    }

    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.HasAllowedValues(nameof(WebhookDelivery.State), WebhookDeliveryState.All);
        builder.HasOne<Webhook>().WithMany().HasForeignKey(delivery => delivery.WebhookId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(delivery => delivery.Event).HasMaxLength(50);
        builder.Property(delivery => delivery.EventKey).HasMaxLength(200);
        builder.Property(delivery => delivery.State).HasMaxLength(20);
        builder.Property(delivery => delivery.Error).HasMaxLength(500);
        builder.Property(delivery => delivery.CreatedAt).DefaultsToNow();
        builder.HasIndex(delivery => new { delivery.WebhookId, delivery.EventKey }).IsUnique();
        builder.HasIndex(delivery => new { delivery.WebhookId, delivery.CreatedAt, delivery.Id }).IsDescending(false, true, true);
    }
}
