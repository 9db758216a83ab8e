using System.Text.Json.Serialization;

namespace Platform.Core.GitHub.Rest;

// The parts of GitHub's JSON that are used.

internal sealed record UserAnswer(long Id, string Login, string? Name, string? Email, string? AvatarUrl);

internal sealed record EmailAnswer(string Email, bool Primary, bool Verified);

internal sealed record InstallationAnswer(long Id, InstallationAccount Account);

internal sealed record InstallationAccount(long Id, string Login, string Type);

internal sealed record InstallationRepositories(int TotalCount);

internal sealed record OwnerAnswer(string Login);

internal sealed record RepositoryAnswer(
    long Id,
    string Name,
    OwnerAnswer Owner,
    bool Private,
    bool Fork,
    bool Archived,
    string? Description,
    string? Language,
    string? DefaultBranch,
    string CloneUrl,
    DateTimeOffset? PushedAt)
{
    public GitHubRepository ToRepository() => new()
    {
        Id = Id,
        Owner = Owner.Login,
        Name = Name,
        IsPrivate = Private,
        IsFork = Fork,
        IsArchived = Archived,
        DefaultBranch = DefaultBranch ?? "main",
        CloneUrl = CloneUrl,
        Description = Description,
        Language = Language,
        PushedAt = PushedAt,
    };
}

internal sealed record BranchAnswer(string Name, ShaAnswer Commit, bool Protected);

internal sealed record ShaAnswer(string Sha);

internal sealed record CommitAnswer(string Sha, CommitDetail Commit)
{
    public GitHubCommit ToCommit() => new(Sha, Commit.Message ?? "", Commit.Author?.Name, Commit.Author?.Email, Commit.Author?.Date);
}

internal sealed record CommitDetail(string? Message, CommitAuthor? Author);

internal sealed record CommitAuthor(string? Name, string? Email, DateTimeOffset? Date);

internal sealed record FileAnswer(string Filename, string? PreviousFilename);

internal sealed record PullAnswer(int Number, PullHead Head);

internal sealed record PullHead(string Ref, IdAnswer? Repo);

internal sealed record ErrorAnswer(string? Message);

internal sealed record IdAnswer(long Id);

internal sealed record HookAnswer(long Id, HookAddress? Config);

internal sealed record HookAddress(string? Url);

internal sealed record StatusRequest(string State, string Context, string Description, string? TargetUrl);

internal sealed record CommentRequest(string Body);

internal sealed record HookRequest(string Name, bool Active, IReadOnlyList<string> Events, HookConfig Config);

internal sealed record HookConfig(string Url, string ContentType, string Secret, string InsecureSsl);

internal sealed record RevokeRequest(string AccessToken);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(List<EmailAnswer>))]
[JsonSerializable(typeof(InstallationAnswer))]
[JsonSerializable(typeof(InstallationRepositories))]
[JsonSerializable(typeof(RepositoryAnswer))]
[JsonSerializable(typeof(List<RepositoryAnswer>))]
[JsonSerializable(typeof(List<BranchAnswer>))]
[JsonSerializable(typeof(CommitAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(List<CommitAnswer>))]
[JsonSerializable(typeof(List<FileAnswer>))]
[JsonSerializable(typeof(List<PullAnswer>))]
[JsonSerializable(typeof(IdAnswer))]
[JsonSerializable(typeof(List<HookAnswer>))]
[JsonSerializable(typeof(StatusRequest))]
[JsonSerializable(typeof(CommentRequest))]
[JsonSerializable(typeof(HookRequest))]
[JsonSerializable(typeof(RevokeRequest))]
internal sealed partial class GitHubJson : JsonSerializerContext;
