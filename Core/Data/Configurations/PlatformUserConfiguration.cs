using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class PlatformUserConfiguration : IEntityTypeConfiguration<PlatformUser>
{
    public void Configure(EntityTypeBuilder<PlatformUser> builder)
    {
        builder.ToTable("users");
        builder.Property(user => user.Name).HasMaxLength(255);
        builder.Property(user => user.Email).HasMaxLength(255).IsRequired();
        builder.Property(user => user.PasswordHash).HasMaxLength(255);
        builder.Property(user => user.GitHubId).HasMaxLength(255);
        builder.Property(user => user.GoogleId).HasMaxLength(255);
        builder.Property(user => user.EmailConfirmed).HasColumnName("email_verified").HasDefaultValue(false);
        builder.Property(user => user.CreatedAt).DefaultsToNow();
        builder.Property(user => user.UpdatedAt).DefaultsToNow();

        builder.HasIndex(user => user.Email).IsUnique();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName("ix_users_normalized_email");
        builder.HasIndex(user => user.NormalizedUserName).IsUnique().HasDatabaseName("ix_users_normalized_user_name");
        builder.HasIndex(user => user.GitHubId).IsUnique();
        builder.HasIndex(user => user.GoogleId).IsUnique();
    }
}
