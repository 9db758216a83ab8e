namespace Platform.Core.GitHub;

/// <summary>GitHub refused or cannot be reached. The message never holds a token.</summary>
public sealed class GitHubException(GitHubError error, string message, DateTimeOffset? retryAt = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure.</summary>
    public GitHubError Error { get; } = error;

    /// <summary>When it makes sense to try again, where GitHub told.</summary>
    public DateTimeOffset? RetryAt { get; } = retryAt;
}

/// <summary>Kinds of failure of GitHub.</summary>
public enum GitHubError
{
    /// <summary>Anything else; the message is GitHub's.</summary>
    Failed,

    /// <summary>No answer in time, or a failure on its side.</summary>
    Unavailable,

    /// <summary>The token is wrong, expired or revoked: the account has to be connected again.</summary>
    Unauthorized,

    /// <summary>The token may not do this.</summary>
    Forbidden,

    /// <summary>No such thing, or the account may not see it.</summary>
    NotFound,

    /// <summary>Too many requests; <see cref="GitHubException.RetryAt"/> says until when.</summary>
    RateLimited,
}
