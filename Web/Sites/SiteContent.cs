using System.Collections.Concurrent;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;
using Platform.Web.Files;

namespace Platform.Web.Sites;

/// <summary>What one deployment published, ready to be answered with.</summary>
internal sealed class SiteContent(Guid deploymentId, DateTimeOffset publishedAt, SiteRoutes routes, SiteHeaders headers, IArtifactStore artifacts)
{
    private readonly ConcurrentDictionary<string, SitePage> _pages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServedFile> _files = new(StringComparer.Ordinal);

    // A file is asked for under two or three paths; what is beyond that is not worth remembering.
    private readonly int _maxPages = 64 + (3 * routes.Manifest.Files.Count);

    public Guid DeploymentId => deploymentId;

    public Timestamp Published { get; } = new(publishedAt);

    /// <summary>How a path is answered.</summary>
    public SitePage Find(string path, string query)
    {
        if (_pages.TryGetValue(path, out var known)) return known;
        var answer = routes.Route(path, query);
        var page = new SitePage(
            answer,
            answer.Kind == SiteAnswerKind.File ? FileOf(answer.Target!) : null,
            headers.For(path))
        {
            MayBeRetired = !routes.Manifest.Files.ContainsKey(path.TrimStart('/')) && HashedName.Matches(path),
        };
        // Only files under their own names: what a rule or the fallback answers depends on more, and its paths have no end.
        var isOwn = answer is { Kind: SiteAnswerKind.File, Status: 200 } && !routes.HasForcedRules && path.AsSpan().Trim('/') is var name
            && (answer.Target.AsSpan().SequenceEqual(name) || (answer.Target.AsSpan().StartsWith(name) && answer.Target!.EndsWith(".html", StringComparison.Ordinal)));
        if (isOwn && answer.Target!.Length <= path.Length + SiteRoutes.Index.Length && _pages.Count < _maxPages) _pages.TryAdd(path, page);
        return page;
    }

    /// <summary>A file whose name carries a hash, for visitors whose page is of an earlier deployment.</summary>
    public SitePage? FindHashed(string path)
    {
        var key = path.TrimStart('/');
        return HashedName.Matches(key) && routes.Manifest.Files.ContainsKey(key) ? new SitePage(new SiteAnswer(SiteAnswerKind.File, key, 200), FileOf(key), headers.For(path)) : null;
    }

    private ServedFile FileOf(string key)
    {
        if (_files.TryGetValue(key, out var known)) return known;
        var file = routes.Manifest.Files[key];
        return _files.GetOrAdd(key, new ServedFile(
            file.Sha256,
            file.Size,
            file.ContentType,
            HashedName.Matches(key) ? CacheControls.Immutable : CacheControls.Revalidate,
            file.Encodings,
            (encoding, offset, cancellationToken) => artifacts.OpenAsync(ArtifactKey.Of(file.Sha256, encoding), offset, cancellationToken)));
    }
}

/// <summary>The answer to one path.</summary>
internal sealed class SitePage(SiteAnswer answer, ServedFile? file, IReadOnlyList<KeyValuePair<string, string>> headers)
{
    public SiteAnswer Answer => answer;

    public ServedFile? File => file;

    public IReadOnlyList<KeyValuePair<string, string>> Headers => headers;

    /// <summary>The path is that of a hashed file that this deployment does not have; an earlier one may.</summary>
    public bool MayBeRetired { get; init; }

    /// <summary>Where requests for this file are counted; set by the first.</summary>
    public TrafficCell? Cell { get; set; }
}
