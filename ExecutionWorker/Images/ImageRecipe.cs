using System.Formats.Tar;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Platform.Core;

namespace Platform.ExecutionWorker.Images;

/// <summary>
/// What an image is made from, the same as <c>eng/platform/images.sh</c> makes it: every folder of <c>images/</c> with a Dockerfile is one, named
/// <c>autostack/&lt;folder&gt;</c>; the context is the whole of <c>images/</c> with the host's certificates in <c>host/ca-bundle.crt</c>.
/// </summary>
internal sealed partial class ImageRecipe(IOptions<ExecutionWorkerOptions> options, IConfiguration configuration, IHostEnvironment environment)
{
    private const string Prefix = "autostack/";
    private const string Tag = ":latest";

    private static readonly string[] ProxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

    private readonly string _folder = InstallationRoot.Resolve(environment.ContentRootPath, options.Value.ImageSources);

    /// <summary>The folder of an image's name (<c>autostack/sandbox-python:latest</c>), or null when it is not one of ours to build.</summary>
    public string? IdOf(string image)
    {
        if (!image.StartsWith(Prefix, StringComparison.Ordinal) || !image.EndsWith(Tag, StringComparison.Ordinal)) return null;
        var id = image[Prefix.Length..^Tag.Length];
        return IdPattern.IsMatch(id) && File.Exists(Dockerfile(id)) && !OfThisHost.IsMatch(File.ReadAllText(Dockerfile(id))) ? id : null;
    }

    public static string NameOf(string id) => Prefix + id + Tag;

    /// <summary>Images that it takes files from or starts from: they must be there first.</summary>
    public IReadOnlyList<string> NeedsOf(string id) =>
        [.. NeedPattern.Matches(File.ReadAllText(Dockerfile(id))).Select(match => match.Groups["id"].Value).Distinct(StringComparer.Ordinal).Where(need => need != id)];

    /// <summary>Its arguments: the package registry and the proxies of this host.</summary>
    public IReadOnlyDictionary<string, string> Arguments()
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        if (configuration["PLATFORM_NPM_REGISTRY"] is { Length: > 0 } registry) arguments["NPM_REGISTRY"] = registry;
        foreach (var name in ProxyVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) arguments[name] = value;
        }

        return arguments;
    }

    /// <summary>The build context as a tar archive.</summary>
    public async Task<Stream> PackAsync(CancellationToken cancellationToken)
    {
        var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var path in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                await writer.WriteEntryAsync(path, Path.GetRelativePath(_folder, path), cancellationToken);
            var bundle = configuration["PLATFORM_CA_BUNDLE"];
            await using var certificates = File.Exists(bundle) ? File.OpenRead(bundle) : Stream.Null;
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "host/ca-bundle.crt") { DataStream = certificates }, cancellationToken);
        }

        tar.Position = 0;
        return tar;
    }

    private string Dockerfile(string id) => Path.Combine(_folder, id, "Dockerfile");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern { get; }

    // Takes the host's SDK into its context: only the script can do that.
    [GeneratedRegex("^COPY dotnet/", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex OfThisHost { get; }

    [GeneratedRegex("autostack/(?<id>[a-z0-9-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NeedPattern { get; }
}
