using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class BranchAliasConfiguration : IEntityTypeConfiguration<BranchAlias>
{
    public void Configure(EntityTypeBuilder<BranchAlias> builder)
    {
        builder.ToTable("branch_aliases");
        builder.HasKey(row => new { row.ProjectId, row.Name });
        builder.HasOne<Project>().WithMany().HasForeignKey(row => row.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.Name).HasMaxLength(63);
        builder.Property(row => row.Branch).HasMaxLength(100);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        // One name of each branch, and one of each fork's pull request.
        builder.HasIndex(row => new { row.ProjectId, row.Branch }).IsUnique().HasFilter("pull_request IS NULL");
        builder.HasIndex(row => new { row.ProjectId, row.PullRequest }).IsUnique().HasFilter("pull_request IS NOT NULL");
    }
}
