using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class GitHubConnectionConfiguration : IEntityTypeConfiguration<GitHubConnection>
{
    public void Configure(EntityTypeBuilder<GitHubConnection> builder)
    {
        builder.ToTable("github_connections");
        builder.HasOne<PlatformUser>().WithOne().HasForeignKey<GitHubConnection>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.GitHubUsername).HasMaxLength(255);
        builder.Property(row => row.Scopes).HasMaxLength(255);
        builder.Property(row => row.ConnectedAt).DefaultsToNow();
    }
}
