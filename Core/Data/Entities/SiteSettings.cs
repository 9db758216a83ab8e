namespace Platform.Core.Data.Entities;

/// <summary>How a project's site is served and kept; a project without a row has the installation's defaults.</summary>
public sealed class SiteSettings
{
    public Guid ProjectId { get; set; }

    /// <summary>One of <see cref="SiteProtection"/>.</summary>
    public string Protection { get; set; } = SiteProtection.Off;

    /// <summary>Hash of the password that protected addresses ask for.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes with the password and ends all visits that the old one allowed.</summary>
    public Guid PasswordStamp { get; set; }

    /// <summary>Unknown paths answer with the first page; null: as detected when the site was built.</summary>
    public bool? SpaFallback { get; set; }

    /// <summary>Deployments that keep their files; null: the installation's default.</summary>
    public int? KeepDeployments { get; set; }

    /// <summary>Bytes that kept deployments may have together; null: the installation's default.</summary>
    public long? KeepBytes { get; set; }

    /// <summary>Hours for which hashed assets of replaced deployments stay reachable; null: the installation's default.</summary>
    public int? AssetHours { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Which addresses of a site ask for its password.</summary>
public static class SiteProtection
{
    public const string Off = "off";

    /// <summary>The addresses of single deployments; production is public.</summary>
    public const string Previews = "previews";

    public const string Everything = "all";

    public static IReadOnlyList<string> All { get; } = [Off, Previews, Everything];
}
