using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class GitHubDeliveryConfiguration
    : IEntityTypeConfiguration<GitHubDelivery>, IEntityTypeConfiguration<GitHubDeliveryResult>, IEntityTypeConfiguration<GitHubComment>
{
    public void Configure(EntityTypeBuilder<GitHubDelivery> builder)
    {
        builder.ToTable("github_deliveries");
        builder.HasAllowedValues(nameof(GitHubDelivery.Status), GitHubDeliveryStatus.All);
        builder.Property(row => row.DeliveryId).HasMaxLength(100);
        builder.Property(row => row.Event).HasMaxLength(100);
        builder.Property(row => row.Action).HasMaxLength(100);
        builder.Property(row => row.Repository).HasMaxLength(255);
        builder.Property(row => row.Status).HasMaxLength(20);
        builder.Property(row => row.Attempts).HasDefaultValue(1);
        builder.Property(row => row.ReceivedAt).DefaultsToNow();
        builder.HasIndex(row => row.DeliveryId).IsUnique();
        builder.HasIndex(row => row.ReceivedAt);
    }

    public void Configure(EntityTypeBuilder<GitHubDeliveryResult> builder)
    {
        builder.ToTable("github_delivery_results");
        builder.HasKey(row => new { row.DeliveryId, row.ProjectId });
        builder.HasAllowedValues(nameof(GitHubDeliveryResult.Outcome), GitHubDeliveryOutcome.All);
        builder.HasOne<GitHubDelivery>().WithMany().HasForeignKey(row => row.DeliveryId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Project>().WithMany().HasForeignKey(row => row.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.Outcome).HasMaxLength(20);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
        builder.HasIndex(row => new { row.ProjectId, row.CreatedAt }).IsDescending(false, true);
    }

    public void Configure(EntityTypeBuilder<GitHubComment> builder)
    {
        builder.ToTable("github_comments");
        builder.HasKey(row => new { row.ProjectId, row.PullRequest });
        builder.HasOne<Project>().WithMany().HasForeignKey(row => row.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(row => row.CreatedAt).DefaultsToNow();
    }
}
