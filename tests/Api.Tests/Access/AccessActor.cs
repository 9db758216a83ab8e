namespace Platform.Api.Tests.Access;

/// <summary>Who asks, in the order of the columns of <see cref="RouteTable"/>.</summary>
public enum AccessActor
{
    /// <summary>Not signed in.</summary>
    Anonymous,

    /// <summary>Signed in, no member of the organisation.</summary>
    Other,
    Viewer,
    Developer,
    Admin,
    Owner,

    /// <summary>Administers the installation, no member of the organisation.</summary>
    SiteAdmin,

    /// <summary>An API token of the owner with all scopes, whose time is over.</summary>
    ExpiredToken,

    /// <summary>An API token of the owner with every scope but those that would do.</summary>
    WrongScope,

    /// <summary>An admin of the organisation whose address is not verified.</summary>
    Unverified,
}
