using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.BelongsToUser(token => token.UserId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(token => token.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(token => token.Name).HasMaxLength(100);
        builder.Property(token => token.TokenHash).HasMaxLength(64);
        builder.Property(token => token.Hint).HasMaxLength(16);
        builder.Property(token => token.LastUsedIp).HasMaxLength(64);
        builder.Property(token => token.CreatedAt).DefaultsToNow();

        builder.HasIndex(token => token.TokenHash).IsUnique();
        builder.HasIndex(token => new { token.UserId, token.CreatedAt });
        builder.HasIndex(token => token.OrganizationId);
    }
}
