using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.BelongsToUser(session => session.UserId);
        builder.Property(session => session.Token).HasMaxLength(255);
        builder.Property(session => session.PreviousToken).HasMaxLength(255);
        builder.Property(session => session.Persistent).HasDefaultValue(false);
        builder.Property(session => session.UserAgent).HasMaxLength(512);
        // The longest text form of an IPv6 address with a zone.
        builder.Property(session => session.IpAddress).HasMaxLength(64);
        builder.Property(session => session.LastSeenAt).DefaultsToNow();
        builder.Property(session => session.CreatedAt).DefaultsToNow();

        builder.HasIndex(session => session.Token).IsUnique();
        builder.HasIndex(session => session.PreviousToken).HasFilter("previous_token IS NOT NULL");
        builder.HasIndex(session => session.UserId);
        builder.HasIndex(session => session.ExpiresAt);
    }
}
