namespace Platform.Core.Data.Entities;

/// <summary>An owner that is no person: its things are used by its members, each as far as their role goes.</summary>
public sealed class Organization
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Its name in addresses: unique, lower case, never contains <c>--</c>.</summary>
    public required string Slug { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>A person in an organisation. There is always an owner: whoever changes rows holds the lock of the organisation's row.</summary>
public sealed class OrganizationMember
{
    public Guid OrganizationId { get; set; }

    public Guid UserId { get; set; }

    public OrganizationRole Role { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What a member may do, least first: each may do what the ones before it may.</summary>
public enum OrganizationRole
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Uses, changes and deploys.</summary>
    Developer,

    /// <summary>Also decides about settings and members, except owners.</summary>
    Admin,

    /// <summary>Everything, also giving the organisation away.</summary>
    Owner,
}

/// <summary>The words for roles in rows and requests.</summary>
public static class OrganizationRoles
{
    public const string Viewer = "viewer";
    public const string Developer = "developer";
    public const string Admin = "admin";
    public const string Owner = "owner";

    public static IReadOnlyList<string> All { get; } = [Viewer, Developer, Admin, Owner];

    public static string ToWord(this OrganizationRole role) => All[(int)role];

    /// <summary>The role of this word, or null.</summary>
    public static OrganizationRole? Find(string? word) =>
        word switch
        {
            Viewer => OrganizationRole.Viewer,
            Developer => OrganizationRole.Developer,
            Admin => OrganizationRole.Admin,
            Owner => OrganizationRole.Owner,
            _ => null,
        };
}
