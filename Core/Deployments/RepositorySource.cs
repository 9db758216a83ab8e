using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Platform.Core.Deployments;

/// <summary>Where the source of a deployment comes from.</summary>
public enum RepositoryKind
{
    /// <summary>A Git server, by https.</summary>
    Git,

    /// <summary>A folder of the installation's samples.</summary>
    Sample,

    /// <summary>A bare repository on this machine; Development only.</summary>
    File,

    /// <summary>An uploaded archive of the owner.</summary>
    Archive,
}

/// <summary>A parsed <c>repository</c> field.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Canonical">The form that is stored and compared: no credentials, no trailing slash or <c>.git</c>, host in lower case.</param>
/// <param name="Name">Name of the project when nothing else is chosen: the last part of the path.</param>
/// <param name="Display">What lists show: <c>owner/name</c>, or the name of the sample.</param>
public sealed partial record RepositorySource(RepositoryKind Kind, string Canonical, string Name, string Display)
{
    /// <summary>Longest accepted text, as wide as the column it is stored in.</summary>
    public const int MaxLength = 255;

    private const string SamplePrefix = "sample:";
    private const string ArchivePrefix = "archive:";

    /// <summary>The address of a Git server or of a local repository; null for a sample or an archive.</summary>
    public Uri? Address => Kind is RepositoryKind.Sample or RepositoryKind.Archive ? null : new Uri(Canonical);

    /// <summary>The id of an uploaded archive; null for everything else.</summary>
    public Guid? ArchiveId => Kind == RepositoryKind.Archive ? Guid.ParseExact(Canonical[ArchivePrefix.Length..], "N") : null;

    /// <summary>The source that an uploaded archive is.</summary>
    public static RepositorySource OfArchive(Guid id) => new(RepositoryKind.Archive, $"{ArchivePrefix}{id:N}", "upload", "uploaded archive");

    /// <summary><c>owner/name</c>, or the name of a repository of the connected GitHub account.</summary>
    public static bool IsGitHubName(string? text) => text?.Trim() is { Length: > 0 and <= MaxLength } name && GitHubName().IsMatch(name);

    /// <summary>Reads the field.</summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="allowFiles">Whether <c>file://</c> is accepted.</param>
    /// <param name="source">The result.</param>
    /// <param name="problem">Why it is refused, for people.</param>
    public static bool TryParse(
        string? text, bool allowFiles, [NotNullWhen(true)] out RepositorySource? source, [NotNullWhen(false)] out string? problem)
    {
        (source, problem) = Parse(text?.Trim() ?? "", allowFiles);
        return source is not null;
    }

    private static (RepositorySource? Source, string? Problem) Parse(string text, bool allowFiles)
    {
        if (text.Length == 0) return (null, "Choose a repository.");
        if (text.Length > MaxLength) return (null, $"The repository must not be longer than {MaxLength} characters.");
        if (text.StartsWith(SamplePrefix, StringComparison.Ordinal)) return ParseSample(text[SamplePrefix.Length..]);
        if (text.StartsWith(ArchivePrefix, StringComparison.Ordinal))
            return Guid.TryParse(text[ArchivePrefix.Length..], out var id) ? (OfArchive(id), null) : (null, "The id of the uploaded archive is no id.");
        if (GitHubName().IsMatch(text))
            return (null, "Repositories of a GitHub account need a connected GitHub account. Give the full https address of the repository instead.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return (null, "Give an https address of a Git repository, or sample:<name>.");
        return uri.Scheme switch
        {
            "https" => ParseGit(uri),
            "file" when allowFiles => ParseFile(uri),
            "file" => (null, "Local repositories are accepted in Development only."),
            _ => (null, "Only https addresses of Git repositories are accepted."),
        };
    }

    private static (RepositorySource?, string?) ParseSample(string name) => SampleName().IsMatch(name)
        ? (new(RepositoryKind.Sample, SamplePrefix + name, name, name), null)
        : (null, "A sample's name has lower-case letters, digits and dashes.");

    private static (RepositorySource?, string?) ParseGit(Uri uri)
    {
        if (uri.UserInfo.Length > 0) return (null, "The address must not contain a user name, a password or a token.");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0) return (null, "The address must end with the path of the repository.");
        var path = Trim(uri.AbsolutePath);
        if (path.Length == 0) return (null, "The address lacks the path of a repository.");
        if (!GitPath().IsMatch(path)) return (null, "The path of the repository contains characters that are not accepted.");
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        // An IPv6 address is one only in its brackets, which IdnHost leaves out.
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return (new(RepositoryKind.Git, $"https://{host.ToLowerInvariant()}{port}/{path}", LastPart(path), path), null);
    }

    private static (RepositorySource?, string?) ParseFile(Uri uri)
    {
        if (uri.Host.Length > 0) return (null, "A file address has three slashes: file:///path/to/repository.git");
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimEnd('/');
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return (null, "The address lacks the path of a repository.");
        return (new(RepositoryKind.File, $"file://{path}", LastPart(Trim(path)), LastPart(Trim(path))), null);
    }

    private static string Trim(string path)
    {
        path = path.Trim('/');
        return path.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
    }

    private static string LastPart(string path) => path[(path.LastIndexOf('/') + 1)..];

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SampleName();

    [GeneratedRegex("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GitHubName();

    [GeneratedRegex("^[A-Za-z0-9._~][A-Za-z0-9._~%+-]*(/[A-Za-z0-9._~%+-]+)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GitPath();
}
