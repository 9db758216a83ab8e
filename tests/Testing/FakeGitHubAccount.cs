using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Platform.Testing;

/// <summary>An account of <see cref="FakeGitHub"/> and what it can reach.</summary>
public sealed class FakeGitHubAccount(string login, long id)
{
    public long Id => id;

    /// <summary>Addresses as the account's owner sees them.</summary>
    public List<FakeGitHubEmail> Emails { get; } = [];

    public List<FakeGitHubRepository> Repositories { get; } = [];

    public FakeGitHubRepository AddRepository(string name, bool isPrivate = false, string? owner = null)
    {
        var repository = new FakeGitHubRepository(owner ?? login, name, (id * 10_000) + Repositories.Count) { IsPrivate = isPrivate };
        Repositories.Add(repository);
        return repository;
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["login"] = login,
        ["name"] = $"{login} the tester",
        ["email"] = null,
        ["avatar_url"] = $"https://avatars.example/{login}",
        ["type"] = "User",
        ["created_at"] = "2020-01-01T00:00:00Z",
        ["updated_at"] = "2020-01-01T00:00:00Z",
    };
}

/// <summary>An address of a <see cref="FakeGitHubAccount"/>.</summary>
public sealed record FakeGitHubEmail(string Address, bool IsPrimary, bool IsVerified);

/// <summary>A repository of <see cref="FakeGitHub"/>.</summary>
public sealed class FakeGitHubRepository(string owner, string name, long id)
{
    public string Owner => owner;

    public string Name => name;

    public long Id => id;

    public bool IsPrivate { get; init; }

    public string DefaultBranch { get; init; } = "main";

    public DateTimeOffset PushedAt { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Branch → commit.</summary>
    public SortedDictionary<string, string> Branches { get; } = new(StringComparer.Ordinal);

    /// <summary>Commit → message, where it is not the usual one.</summary>
    public Dictionary<string, string> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>Pull request → files that it changes; <c>before -> now</c> is a renamed one.</summary>
    public Dictionary<int, IReadOnlyList<string>> PullRequests { get; } = [];

    /// <summary>Open pull request → its branch, and the number of the repository where that is; null: the fork is gone.</summary>
    public ConcurrentDictionary<int, (string Branch, long? Head)> OpenPulls { get; } = [];

    /// <summary>How many commits lead to each branch.</summary>
    public int CommitCount { get; set; } = 1;

    /// <summary>The path it is found under since it was renamed.</summary>
    public string? MovedTo { get; set; }

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["name"] = name,
        ["full_name"] = $"{owner}/{name}",
        ["owner"] = new JsonObject { ["login"] = owner, ["id"] = 1 },
        ["private"] = IsPrivate,
        ["fork"] = false,
        ["archived"] = false,
        ["description"] = $"About {name}",
        ["language"] = "C#",
        ["default_branch"] = DefaultBranch,
        ["clone_url"] = $"https://github.com/{owner}/{name}.git",
        ["pushed_at"] = PushedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["created_at"] = "2020-01-01T00:00:00Z",
        ["updated_at"] = "2020-01-01T00:00:00Z",
    };
}
