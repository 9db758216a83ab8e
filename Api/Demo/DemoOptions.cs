using System.ComponentModel.DataAnnotations;
using Platform.Api.Auth.Passwords;

namespace Platform.Api.Demo;

/// <summary>An account to look around with, in Development only.</summary>
internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>Whether the account is made when the Api starts (<c>SEED_DEMO</c>).</summary>
    public bool Seed { get; set; }

    [Required]
    public string Email { get; set; } = "demo@autostack.local";

    /// <summary>Known to everybody who reads the documentation, which is why it is for Development only (<c>DEMO_PASSWORD</c>).</summary>
    [Required]
    [MinLength(PasswordRules.MinLength)]
    public string Password { get; set; } = "autostack-demo-2026";
}
