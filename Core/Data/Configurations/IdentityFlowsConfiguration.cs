using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class IdentityFlowsConfiguration : IEntityTypeConfiguration<PendingLogin>, IEntityTypeConfiguration<EmailChange>
{
    public void Configure(EntityTypeBuilder<PendingLogin> builder)
    {
        builder.ToTable("pending_logins");
        builder.BelongsToUser(row => row.UserId);
        builder.Property(row => row.Provider).HasMaxLength(50);
        builder.Property(row => row.ProviderKey).HasMaxLength(255);
        builder.Property(row => row.DisplayName).HasMaxLength(255);
        builder.Property(row => row.Email).HasMaxLength(255);
        builder.Property(row => row.Name).HasMaxLength(255);
        builder.Property(row => row.TokenHash).HasMaxLength(64);
        builder.Property(row => row.MailTokenHash).HasMaxLength(64);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => row.TokenHash).IsUnique();
        builder.HasIndex(row => row.MailTokenHash).IsUnique();
        builder.HasIndex(row => row.UserId);
        builder.HasIndex(row => row.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<EmailChange> builder)
    {
        builder.ToTable("email_changes");
        builder.BelongsToUser(row => row.UserId);
        builder.Property(row => row.OldEmail).HasMaxLength(255);
        builder.Property(row => row.NewEmail).HasMaxLength(255);
        builder.Property(row => row.TokenHash).HasMaxLength(64);
        builder.Property(row => row.CodeHash).HasMaxLength(64);
        builder.Property(row => row.UndoTokenHash).HasMaxLength(64);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => row.TokenHash).IsUnique();
        builder.HasIndex(row => row.UndoTokenHash).IsUnique();
        builder.HasIndex(row => row.UserId);
    }
}
