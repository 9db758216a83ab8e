using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class UserDeviceConfiguration : IEntityTypeConfiguration<UserDevice>
{
    public void Configure(EntityTypeBuilder<UserDevice> builder)
    {
        builder.ToTable("user_devices");
        builder.BelongsToUser(device => device.UserId);
        builder.Property(device => device.Fingerprint).HasMaxLength(64);
        builder.Property(device => device.LastSeenAt).DefaultsToNow();
        builder.Property(device => device.CreatedAt).DefaultsToNow();
        builder.HasIndex(device => new { device.UserId, device.Fingerprint }).IsUnique();
        builder.HasIndex(device => device.LastSeenAt);
    }
}
