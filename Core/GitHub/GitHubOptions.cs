using System.ComponentModel.DataAnnotations;

namespace Platform.Core.GitHub;

/// <summary>How GitHub's API is reached.</summary>
public sealed class GitHubOptions
{
    public const string SectionName = "GitHub";

    /// <summary>The adapter: <c>octokit</c> or <c>rest</c>. Null: the packaged one where it exists, else the built-in one.</summary>
    public string? Engine { get; set; }

    /// <summary>Base address of the API; a GitHub Enterprise server has its own (<c>https://host/api/v3/</c>).</summary>
    [Required]
    public Uri ApiUrl { get; set; } = new("https://api.github.com/");

    /// <summary>The OAuth application that persons sign in and connect by (<c>GITHUB_CLIENT_ID</c>). Null: there is none.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret that belongs to it (<c>GITHUB_CLIENT_SECRET</c>).</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What GitHub signs its deliveries with (<c>GITHUB_WEBHOOK_SECRET</c>). Null: none are taken.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Where GitHub reaches <c>/api/github/webhook</c> (<c>GITHUB_WEBHOOK_URL</c>). Null: no webhooks are made in repositories.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>How long an answer may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long GitHub is asked about what it delivers: it waits ten seconds for the answer to a delivery.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The address with the slash at its end that relative addresses need.</summary>
    internal Uri BaseAddress => ApiUrl.AbsoluteUri.EndsWith('/') ? ApiUrl : new Uri(ApiUrl.AbsoluteUri + "/");
}
