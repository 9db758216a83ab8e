using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Common.Limits;

/// <summary>How often a caller may ask; each number can be raised or lowered by configuration.</summary>
internal sealed class RateLimitOptions
{
    public const string SectionName = "RateLimits";

    /// <summary>Endpoints that take or mail a credential, per client address.</summary>
    public RateLimitRule Auth { get; set; } = new() { PermitLimit = 5, Window = TimeSpan.FromMinutes(1) };

    /// <summary>New deployments, per account.</summary>
    public RateLimitRule Deployments { get; set; } = new() { PermitLimit = 10, Window = TimeSpan.FromHours(1) };

    /// <summary>Runs without an account or with one whose address is not proven, per client address.</summary>
    public RateLimitRule AnonymousRuns { get; set; } = new() { PermitLimit = 10, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Deliveries of webhooks, per client address, in place of the general rule: who delivers has few addresses and does not come again.</summary>
    public RateLimitRule Webhooks { get; set; } = new() { PermitLimit = 3000, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Everything under <c>/api</c>, per account or client address.</summary>
    public RateLimitRule General { get; set; } = new() { PermitLimit = 100, Window = TimeSpan.FromMinutes(1) };
}

internal sealed class RateLimitRule
{
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; }

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; }
}

/// <summary>Names the rule that an endpoint falls under beside the general one.</summary>
internal enum RateLimitPolicy
{
    General,
    Auth,
    Deployments,
    AnonymousRuns,
    Webhooks,
}

internal sealed record RateLimitMetadata(RateLimitPolicy Policy);
