using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Api.GitHub.Webhooks;

// The parts of deliveries that are used; everything may be missing.

internal sealed record WebhookPayload(
    string? Action,
    RepositoryPart? Repository,
    InstallationPart? Installation,
    string? Ref,
    string? After,
    bool Created,
    bool Deleted,
    bool Forced,
    CommitPart? HeadCommit,
    IReadOnlyList<CommitPart>? Commits,
    PullRequestPart? PullRequest)
{
    public static WebhookPayload? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WebhookJson.Default.WebhookPayload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record RepositoryPart(long Id, string? FullName, string? CloneUrl);

internal sealed record InstallationPart(long Id);

internal sealed record CommitPart(string? Id, string? Message, IReadOnlyList<string>? Added, IReadOnlyList<string>? Modified, IReadOnlyList<string>? Removed)
{
    public IEnumerable<string> Files => (Added ?? []).Concat(Modified ?? []).Concat(Removed ?? []);
}

internal sealed record PullRequestPart(int Number, string? Title, PullRequestHead? Head);

internal sealed record PullRequestHead(string? Ref, string? Sha, RepositoryPart? Repo);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookPayload))]
internal sealed partial class WebhookJson : JsonSerializerContext;
