using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class OpenPullRequestConfiguration : IEntityTypeConfiguration<OpenPullRequest>
{
    public void Configure(EntityTypeBuilder<OpenPullRequest> builder)
    {
        builder.ToTable("open_pull_requests");
        builder.HasKey(row => new { row.ProjectId, row.Number });
        builder.HasOne<Project>().WithMany().HasForeignKey(row => row.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.Branch).HasMaxLength(100);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => new { row.ProjectId, row.Branch });
    }
}
