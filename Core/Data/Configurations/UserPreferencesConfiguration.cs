using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class UserPreferencesConfiguration : IEntityTypeConfiguration<UserPreferences>
{
    public void Configure(EntityTypeBuilder<UserPreferences> builder)
    {
        builder.ToTable("user_preferences");
        builder.HasAllowedValues(nameof(UserPreferences.Theme), "light", "dark", "system");
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<UserPreferences>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.Theme).HasMaxLength(20).HasDefaultValue("system");
        builder.Property(row => row.EmailNotifications).HasDefaultValue(true);
        builder.Property(row => row.DeploymentSuccessNotifications).HasDefaultValue(true);
        builder.Property(row => row.DeploymentFailureNotifications).HasDefaultValue(true);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.Property(row => row.UpdatedAt).DefaultsToNow();
    }
}
