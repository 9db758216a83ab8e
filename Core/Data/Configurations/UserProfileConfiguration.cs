using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class UserProfileConfiguration :
    IEntityTypeConfiguration<UserAvatar>,
    IEntityTypeConfiguration<UserJourney>,
    IEntityTypeConfiguration<GitHubInstallation>
{
    public void Configure(EntityTypeBuilder<UserAvatar> builder)
    {
        builder.ToTable("user_avatars");
        builder.HasKey(row => row.UserId);
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<UserAvatar>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.ContentType).HasMaxLength(50);
        builder.Property(row => row.Hash).HasMaxLength(64);
        builder.Property(row => row.UpdatedAt).DefaultsToNow();
    }

    public void Configure(EntityTypeBuilder<UserJourney> builder)
    {
        builder.ToTable("user_journeys", table => table.HasCheckConstraint(
            "ck_user_journeys_order",
            "(hosting_option IS NULL OR user_type IS NOT NULL) AND (hosting_target IS NULL OR hosting_option = 'self_hosting')"));
        builder.HasAllowedValues(nameof(UserJourney.UserType), UserTypes.All);
        builder.HasAllowedValues(nameof(UserJourney.HostingOption), HostingOptions.All);
        builder.HasAllowedValues(nameof(UserJourney.HostingTarget), HostingTargets.All);
        builder.HasKey(row => row.UserId);
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<UserJourney>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.UserType).HasMaxLength(20);
        builder.Property(row => row.HostingOption).HasMaxLength(20);
        builder.Property(row => row.HostingTarget).HasMaxLength(20);
        builder.Property(row => row.UpdatedAt).DefaultsToNow();
    }

    public void Configure(EntityTypeBuilder<GitHubInstallation> builder)
    {
        builder.ToTable("github_installations");
        builder.BelongsToUser(row => row.UserId);
        builder.Property(row => row.AccountLogin).HasMaxLength(255);
        builder.Property(row => row.AccountType).HasMaxLength(50);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => new { row.OwnerId, row.InstallationId }).IsUnique();
        builder.HasIndex(row => row.UserId);
    }
}
