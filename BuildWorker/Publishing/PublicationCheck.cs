using System.Text;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Publishing;

/// <summary>Why a publication does not work, for programs.</summary>
internal static class PublicationFailure
{
    public const string BasePath = "BASE_PATH_MISMATCH";
    public const string MissingAssets = "ASSETS_MISSING";
}

/// <summary>
/// Loads the first page and everything of the same site that it names, by the routes by which the sites host answers, before anybody sees the
/// deployment. A page without its scripts is an empty page, which no build tool notices.
/// </summary>
internal sealed class PublicationCheck(IArtifactStore artifacts, SiteAddresses addresses, IOptions<PublishOptions> options)
{
    private const int MaxPage = 4 * 1024 * 1024;
    private const int MaxRedirects = 5;
    private const int Shown = 5;

    /// <returns>What is worth a warning.</returns>
    /// <exception cref="BuildFailureException">The page names scripts or style sheets that the site does not have, and configuration says that this matters.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(SiteManifest manifest, string slug, Guid deploymentId, CancellationToken cancellationToken)
    {
        if (options.Value.Check == "off") return [];
        var (routes, problems) = await ReadRulesAsync(manifest, cancellationToken);
        var production = new Uri(addresses.Production(slug));
        string[] hosts = [production.Host, new Uri(addresses.Immutable(deploymentId, slug)).Host];
        var broken = new List<(PageAsset Asset, string Path)>();
        foreach (var asset in PageAssets.Find(await ReadPageAsync(manifest, cancellationToken), production))
        {
            if (!hosts.Contains(asset.Url.Host)) continue;
            if (await FindProblemAsync(routes, asset, cancellationToken) is { } path) broken.Add((asset, path));
        }

        List<string> warnings =
        [
            .. problems.Take(Shown),
            .. broken.Where(entry => !entry.Asset.IsEssential).Take(Shown).Select(entry => $"The page names {entry.Asset.Address}, which the site does not have."),
        ];
        var essential = broken.Where(entry => entry.Asset.IsEssential).ToList();
        if (essential.Count == 0) return warnings;
        var failure = Explain(manifest, essential);
        if (options.Value.Check == "fail") throw failure;
        return [.. warnings, failure.Hint is { } hint ? $"{failure.Message} {hint}" : failure.Message];
    }

    /// <summary>Says what is wrong: a prefix that the output does not have is a build for another address.</summary>
    internal static BuildFailureException Explain(SiteManifest manifest, IReadOnlyList<(PageAsset Asset, string Path)> broken)
    {
        var names = string.Join(", ", broken.Take(Shown).Select(entry => entry.Asset.Address));
        foreach (var (asset, path) in broken)
        {
            if (PrefixOf(manifest, path) is not { } prefix) continue;
            return new BuildFailureException(
                PublicationFailure.BasePath,
                $"The site was built for the address /{prefix}/ but is published at /: the page asks for {asset.Address}, and the file is at /{path[(prefix.Length + 1)..]}.",
                "Set the base path to / for this build: base in vite.config or astro.config, homepage in package.json (create-react-app), "
                + "basePath in next.config, publicPath (Vue CLI, webpack), --base-href (Angular), baseUrl (Docusaurus).");
        }

        var differs = broken.Select(entry => (entry.Asset.Address, Path: manifest.Files.Keys.FirstOrDefault(key => key.Equals(entry.Path, StringComparison.OrdinalIgnoreCase))))
            .FirstOrDefault(entry => entry.Path is not null);
        return new BuildFailureException(
            PublicationFailure.MissingAssets,
            $"The first page names {broken.Count} script{(broken.Count == 1 ? "" : "s")} or style sheets that the site does not have: {names}.",
            differs.Path is { } similar
                ? $"{differs.Address} differs from /{similar} in upper and lower case, which matters on the web."
                : "Check that the output directory is the one that the build writes, and that the page names its files as the build does.");
    }

    /// <summary>The directories in front of a missing path without which it is there.</summary>
    private static string? PrefixOf(SiteManifest manifest, string path)
    {
        for (var cut = path.IndexOf('/', StringComparison.Ordinal); cut >= 0; cut = path.IndexOf('/', cut + 1))
        {
            if (manifest.Files.ContainsKey(path[(cut + 1)..])) return path[..cut];
        }

        return null;
    }

    /// <summary>The path that cannot be loaded, without its slash; null when all is well.</summary>
    private async Task<string?> FindProblemAsync(SiteRoutes routes, PageAsset asset, CancellationToken cancellationToken)
    {
        var url = asset.Url;
        for (var step = 0; step < MaxRedirects; step++)
        {
            var path = Uri.UnescapeDataString(url.AbsolutePath);
            var answer = routes.Route(path, url.Query);
            if (answer.Kind == SiteAnswerKind.Redirect)
            {
                if (!Uri.TryCreate(url, answer.Target, out var next) || next.Host != url.Host) return null;
                url = next;
                continue;
            }

            if (answer.Kind != SiteAnswerKind.File || answer.Status != 200) return path.TrimStart('/');
            var file = routes.Manifest.Files[answer.Target!];
            // A page in place of a script is what a fallback answers when the file is missing.
            if (asset.IsEssential && file.ContentType.StartsWith("text/html", StringComparison.Ordinal)) return path.TrimStart('/');
            return await artifacts.FindAsync(file.Sha256, cancellationToken) is { } found && found.Size == file.Size ? null : path.TrimStart('/');
        }

        return asset.Url.AbsolutePath.TrimStart('/');
    }

    private async Task<(SiteRoutes Routes, IReadOnlyList<string> Problems)> ReadRulesAsync(SiteManifest manifest, CancellationToken cancellationToken)
    {
        var redirects = await ReadAsync(manifest, SiteRedirects.FileName, SiteRedirects.MaxBytes, cancellationToken) is { } rules ? SiteRedirects.Parse(rules) : SiteRedirects.None;
        var headers = await ReadAsync(manifest, SiteHeaders.FileName, SiteHeaders.MaxBytes, cancellationToken) is { } lines ? SiteHeaders.Parse(lines) : SiteHeaders.None;
        IReadOnlyList<string> problems =
        [
            .. redirects.Problems.Select(problem => $"{SiteRedirects.FileName}, line {problem.Line}: {problem.Message}. The line is left out."),
            .. headers.Problems.Select(problem => $"{SiteHeaders.FileName}, line {problem.Line}: {problem.Message}. The line is left out."),
        ];
        return (new SiteRoutes(manifest, redirects, manifest.SpaFallback), problems);
    }

    private async Task<string> ReadPageAsync(SiteManifest manifest, CancellationToken cancellationToken) =>
        await ReadAsync(manifest, SiteRoutes.Index, MaxPage, cancellationToken) ?? "";

    private async Task<string?> ReadAsync(SiteManifest manifest, string path, int most, CancellationToken cancellationToken)
    {
        if (!manifest.Files.TryGetValue(path, out var file) || file.Size > most) return null;
        await using var content = await artifacts.OpenAsync(file.Sha256, cancellationToken: cancellationToken);
        if (content is null) return null;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
