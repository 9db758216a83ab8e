using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class ProductionChangeConfiguration : IEntityTypeConfiguration<ProductionChange>
{
    public void Configure(EntityTypeBuilder<ProductionChange> builder)
    {
        builder.ToTable("production_changes");
        builder.HasAllowedValues(nameof(ProductionChange.Reason), ProductionChangeReason.All);
        builder.HasOne<Project>().WithMany().HasForeignKey(change => change.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Deployment>().WithMany().HasForeignKey(change => change.DeploymentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Deployment>().WithMany().HasForeignKey(change => change.PreviousDeploymentId).OnDelete(DeleteBehavior.SetNull);
        builder.Property(change => change.Reason).HasMaxLength(20);
        builder.Property(change => change.CreatedAt).DefaultsToNow();
        builder.HasIndex(change => new { change.ProjectId, change.CreatedAt }).IsDescending(false, true);
        builder.HasIndex(change => change.DeploymentId);
        builder.HasIndex(change => change.PreviousDeploymentId);
    }
}

internal sealed class SiteSettingsConfiguration : IEntityTypeConfiguration<SiteSettings>
{
    public void Configure(EntityTypeBuilder<SiteSettings> builder)
    {
        builder.ToTable("site_settings", table => table.HasCheckConstraint(
            "ck_site_settings_password", "protection = 'off' OR password_hash IS NOT NULL"));
        builder.HasKey(settings => settings.ProjectId);
        builder.HasOne<Project>().WithOne().HasForeignKey<SiteSettings>(settings => settings.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasAllowedValues(nameof(SiteSettings.Protection), SiteProtection.All);
        builder.Property(settings => settings.Protection).HasMaxLength(20).HasDefaultValue(SiteProtection.Off);
        builder.Property(settings => settings.PasswordHash).HasMaxLength(255);
        builder.Property(settings => settings.UpdatedAt).DefaultsToNow();
    }
}

internal sealed class SiteDomainConfiguration : IEntityTypeConfiguration<SiteDomain>
{
    public void Configure(EntityTypeBuilder<SiteDomain> builder)
    {
        builder.ToTable("domains");
        builder.HasAllowedValues(nameof(SiteDomain.Status), SiteDomainStatus.All);
        builder.HasOne<Project>().WithMany().HasForeignKey(domain => domain.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(domain => domain.Host).HasMaxLength(253);
        builder.Property(domain => domain.Token).HasMaxLength(64);
        builder.Property(domain => domain.Status).HasMaxLength(20).HasDefaultValue(SiteDomainStatus.Pending);
        builder.Property(domain => domain.Misses).HasDefaultValue(0);
        builder.Property(domain => domain.CreatedAt).DefaultsToNow();
        builder.HasIndex(domain => domain.Host).IsUnique().HasDatabaseName("ix_domains_host_verified").HasFilter("status = 'verified'");
        builder.HasIndex(domain => new { domain.ProjectId, domain.Host }).IsUnique();
        builder.Property(domain => domain.IsPrimary).HasDefaultValue(false);
        builder.HasIndex(domain => domain.ProjectId).IsUnique().HasDatabaseName("ix_domains_project_id_primary").HasFilter("is_primary");
        builder.HasIndex(domain => domain.OwnerId);
        builder.HasIndex(domain => new { domain.Status, domain.CheckedAt });
    }
}

internal sealed class SiteTrafficConfiguration : IEntityTypeConfiguration<SiteTraffic>
{
    public void Configure(EntityTypeBuilder<SiteTraffic> builder)
    {
        builder.ToTable("site_traffic");
        builder.HasKey(traffic => new { traffic.ProjectId, traffic.Hour });
        builder.HasOne<Project>().WithMany().HasForeignKey(traffic => traffic.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(traffic => traffic.Hour);
    }
}

internal sealed class SiteTrafficPathConfiguration : IEntityTypeConfiguration<SiteTrafficPath>
{
    public void Configure(EntityTypeBuilder<SiteTrafficPath> builder)
    {
        builder.ToTable("site_traffic_paths");
        builder.HasKey(traffic => new { traffic.ProjectId, traffic.Day, traffic.Path });
        builder.HasOne<Project>().WithMany().HasForeignKey(traffic => traffic.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(traffic => traffic.Path).HasMaxLength(255);
        builder.HasIndex(traffic => traffic.Day);
    }
}
