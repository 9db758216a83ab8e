using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Demo;

/// <summary>An account to look around with, in Development only.</summary>
internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>Whether the account is made when the Api starts (<c>SEED_DEMO</c>).</summary>
    public bool Seed { get; set; }

    [Required]
    public string Email { get; set; } = "demo@autostack.local";

    /// <summary>Its password (<c>DEMO_PASSWORD</c>); there is no default, since a known one would be a way in.</summary>
    public string? Password { get; set; }
}
