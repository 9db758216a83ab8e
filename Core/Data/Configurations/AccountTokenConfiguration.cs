using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class AccountTokenConfiguration : IEntityTypeConfiguration<AccountToken>
{
    public void Configure(EntityTypeBuilder<AccountToken> builder)
    {
        builder.ToTable("account_tokens");
        builder.BelongsToUser(token => token.UserId);
        builder.Property(token => token.Purpose).HasMaxLength(30);
        builder.Property(token => token.Email).HasMaxLength(255);
        builder.Property(token => token.TokenHash).HasMaxLength(64);
        builder.Property(token => token.CodeHash).HasMaxLength(64);
        builder.Property(token => token.Attempts).HasDefaultValue(0);
        builder.Property(token => token.CreatedAt).DefaultsToNow();
        builder.HasIndex(token => token.TokenHash).IsUnique();
        builder.HasIndex(token => new { token.UserId, token.Purpose, token.CreatedAt });
        builder.HasIndex(token => token.ExpiresAt);
    }
}
