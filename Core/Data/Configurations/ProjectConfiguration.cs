using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class ProjectConfiguration : IEntityTypeConfiguration<Project>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects", table => table.HasCheckConstraint(
            "ck_projects_slug", "slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' AND slug NOT LIKE '%--%'"));
        // Whoever works on a project that is handed over meanwhile must notice.
        builder.Property(project => project.OwnerId).IsConcurrencyToken();
        builder.Property(project => project.Name).HasMaxLength(255);
        // One label of a host name.
        builder.Property(project => project.Slug).HasMaxLength(63);
        builder.Property(project => project.Repository).HasMaxLength(255);
        builder.Property(project => project.Branch).HasMaxLength(100).HasDefaultValue("main");
        builder.Property(project => project.RootDir).HasMaxLength(255).HasDefaultValue("");
        // Null means "detect" and must reach the row, so the contract's defaults serve plain SQL only.
        builder.Property(project => project.BuildCommand).HasDefaultValue("npm run build").ValueGeneratedNever();
        builder.Property(project => project.OutputDir).HasMaxLength(255).HasDefaultValue("dist").ValueGeneratedNever();
        builder.Property(project => project.NodeVersion).HasMaxLength(50);
        builder.Property(project => project.Submodules).HasDefaultValue(false);
        // False must reach the row although it is the type's default.
        builder.Property(project => project.AutoDeploy).HasDefaultValue(true).ValueGeneratedNever();
        builder.Property(project => project.WatchPaths).HasDefaultValueSql("'{}'::text[]").ValueGeneratedNever();
        builder.Property(project => project.ShownVariables).HasDefaultValueSql("'{}'::text[]").ValueGeneratedNever();
        builder.Property(project => project.ShownPreviewVariables).HasDefaultValueSql("'{}'::text[]").ValueGeneratedNever();
        builder.Property(project => project.GitHubRepoId).HasMaxLength(255);
        builder.Property(project => project.ProductionPinned).HasDefaultValue(false);
        builder.Property(project => project.CreatedAt).DefaultsToNow();
        builder.Property(project => project.UpdatedAt).DefaultsToNow();

        builder.HasOne<Deployment>().WithMany().HasForeignKey(project => project.ProductionDeploymentId).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(project => project.Slug).IsUnique();
        // A deployment finds or creates its project by this.
        builder.HasIndex(project => new { project.OwnerId, project.Repository, project.RootDir }).IsUnique();
        builder.HasIndex(project => new { project.OwnerId, project.CreatedAt, project.Id }).IsDescending(false, true, true);
        builder.HasIndex(project => project.UserId);
        // A delivery finds its projects by this.
        builder.HasIndex(project => project.GitHubRepoId).HasFilter("github_repo_id IS NOT NULL");
    }
}
