using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class OrganizationConfiguration :
    IEntityTypeConfiguration<Organization>,
    IEntityTypeConfiguration<OrganizationMember>,
    IEntityTypeConfiguration<OrganizationInvitation>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.ToTable("organizations", table => table.HasCheckConstraint(
            "ck_organizations_slug", "slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' AND slug NOT LIKE '%--%'"));
        builder.Property(organization => organization.Name).HasMaxLength(100);
        builder.Property(organization => organization.Slug).HasMaxLength(39);
        builder.Property(organization => organization.CreatedAt).DefaultsToNow();
        builder.Property(organization => organization.UpdatedAt).DefaultsToNow();

        builder.HasIndex(organization => organization.Slug).IsUnique();
    }

    public void Configure(EntityTypeBuilder<OrganizationMember> builder)
    {
        builder.ToTable("organization_members");
        builder.HasAllowedValues(nameof(OrganizationMember.Role), OrganizationRoles.All);
        builder.HasKey(member => new { member.OrganizationId, member.UserId });
        builder.HasOne<Organization>().WithMany().HasForeignKey(member => member.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.BelongsToUser(member => member.UserId);
        IsRole(builder.Property(member => member.Role));
        builder.Property(member => member.CreatedAt).DefaultsToNow();

        builder.HasIndex(member => member.UserId);
    }

    public void Configure(EntityTypeBuilder<OrganizationInvitation> builder)
    {
        builder.ToTable("organization_invitations");
        builder.HasAllowedValues(nameof(OrganizationInvitation.Role), OrganizationRoles.All);
        builder.HasAllowedValues(nameof(OrganizationInvitation.Status), InvitationStatus.All);
        builder.HasOne<Organization>().WithMany().HasForeignKey(invitation => invitation.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PlatformUser>().WithMany().HasForeignKey(invitation => invitation.InvitedBy).OnDelete(DeleteBehavior.SetNull);
        builder.Property(invitation => invitation.Email).HasMaxLength(255);
        builder.Property(invitation => invitation.NormalizedEmail).HasMaxLength(256);
        builder.Property(invitation => invitation.TokenHash).HasMaxLength(64);
        builder.Property(invitation => invitation.Status).HasMaxLength(20).HasDefaultValue(InvitationStatus.Pending);
        IsRole(builder.Property(invitation => invitation.Role));
        builder.Property(invitation => invitation.CreatedAt).DefaultsToNow();

        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
        builder.HasIndex(invitation => new { invitation.OrganizationId, invitation.CreatedAt });
        builder.HasIndex(invitation => invitation.InvitedBy);
        // Of the offers to one address one can be accepted.
        builder.HasIndex(invitation => new { invitation.OrganizationId, invitation.NormalizedEmail })
            .IsUnique().HasFilter("status = 'pending'").HasDatabaseName("ix_organization_invitations_pending");
    }

    private static void IsRole(PropertyBuilder<OrganizationRole> property) =>
        property.HasMaxLength(20).HasConversion(role => role.ToWord(), word => OrganizationRoles.Find(word)!.Value);
}
