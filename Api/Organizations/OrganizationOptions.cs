using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Organizations;

/// <summary>What organisations may grow to.</summary>
internal sealed class OrganizationOptions
{
    public const string SectionName = "Organizations";

    /// <summary>How many one account may own.</summary>
    [Range(1, 10_000)]
    public int MaxOwned { get; set; } = 50;

    /// <summary>How many invitations an organisation may send in 24 hours, so that nobody floods strangers with mail.</summary>
    [Range(1, 100_000)]
    public int MaxInvitationsPerDay { get; set; } = 100;

    /// <summary>How long an invitation can be accepted.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);
}
