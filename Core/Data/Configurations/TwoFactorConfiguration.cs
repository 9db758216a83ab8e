using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class TwoFactorConfiguration :
    IEntityTypeConfiguration<TwoFactor>,
    IEntityTypeConfiguration<RecoveryCode>,
    IEntityTypeConfiguration<TwoFactorChallenge>
{
    public void Configure(EntityTypeBuilder<TwoFactor> builder)
    {
        builder.ToTable("two_factors");
        builder.HasKey(row => row.UserId);
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<TwoFactor>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("recovery_codes");
        builder.BelongsToUser(row => row.UserId);
        builder.Property(row => row.Hash).HasMaxLength(64);
        builder.HasIndex(row => new { row.UserId, row.Hash }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TwoFactorChallenge> builder)
    {
        builder.ToTable("two_factor_challenges");
        builder.BelongsToUser(row => row.UserId);
        builder.Property(row => row.TokenHash).HasMaxLength(64);
        builder.Property(row => row.Method).HasMaxLength(50);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => row.TokenHash).IsUnique();
        builder.HasIndex(row => row.UserId);
        builder.HasIndex(row => row.ExpiresAt);
    }
}
