using System.ComponentModel.DataAnnotations;

namespace Platform.Api.ApiTokens;

/// <summary>Bounds of API tokens.</summary>
internal sealed class ApiTokenOptions
{
    public const string SectionName = "ApiTokens";

    /// <summary>The longest life of a token in days (<c>API_TOKEN_MAX_DAYS</c>); null: it may be good for ever.</summary>
    [Range(1, 3650)]
    public int? MaxDays { get; set; }

    /// <summary>The life of a token whose maker says nothing.</summary>
    [Range(1, 3650)]
    public int DefaultDays { get; set; } = 90;

    /// <summary>How many tokens one account may have.</summary>
    [Range(1, 10_000)]
    public int MaxPerUser { get; set; } = 100;

    /// <summary>How often the last use is written down, per token.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LastUsedInterval { get; set; } = TimeSpan.FromMinutes(1);
}
