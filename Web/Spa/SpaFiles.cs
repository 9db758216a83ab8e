using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Platform.Web.Files;

namespace Platform.Web.Spa;

/// <summary>The built client: read from the web root once, and again when a new build has replaced it.</summary>
internal sealed class SpaFiles(IWebHostEnvironment environment)
{
    private static readonly string[] Encodings = ["br", "gz"];
    private const string IndexName = "index.html";
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private readonly Lock _gate = new();
    private Snapshot? _snapshot;

    /// <summary>The page of all routes of the application, or null when the client has not been built.</summary>
    public ServedFile? Index => Find(IndexName);

    /// <summary>The file of a path without its leading slash.</summary>
    public ServedFile? Find(string path) => Current().Files.GetValueOrDefault(path);

    /// <summary>The policy that fits the inline scripts of this build.</summary>
    public string ContentSecurityPolicy(string apiBaseUrl) => Current().Policy(apiBaseUrl);

    private Snapshot Current()
    {
        var version = environment.WebRootFileProvider.GetFileInfo(IndexName).LastModified;
        var snapshot = _snapshot;
        if (snapshot?.Version == version) return snapshot;
        lock (_gate)
        {
            if (_snapshot?.Version != version) _snapshot = new Snapshot(version, Read(), SpaPolicy.Read(environment.WebRootFileProvider));
            return _snapshot;
        }
    }

    private Dictionary<string, ServedFile> Read()
    {
        var files = new Dictionary<string, ServedFile>(StringComparer.Ordinal);
        foreach (var (path, file) in Walk("")) Add(files, path, file);
        return files;
    }

    private void Add(Dictionary<string, ServedFile> files, string path, IFileInfo file)
    {
        // Variants belong to their file, and what the build tells this host is not for browsers.
        if (path.EndsWith(".br", StringComparison.Ordinal) || path.EndsWith(".gz", StringComparison.Ordinal) || path is SpaPolicy.FileName) return;
        if (path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal)) return;
        var provider = environment.WebRootFileProvider;
        var variants = Encodings
            .Select(encoding => (encoding, Info: provider.GetFileInfo($"{path}.{encoding}")))
            .Where(variant => variant.Info.Exists && variant.Info.LastModified >= file.LastModified)
            .ToDictionary(variant => variant.encoding, variant => variant.Info.Length);
        using var content = file.CreateReadStream();
        files[path] = new ServedFile(
            Convert.ToHexStringLower(SHA256.HashData(content)),
            file.Length,
            ContentTypes.TryGetContentType(path, out var type) ? WithCharset(type) : "application/octet-stream",
            path.StartsWith("assets/", StringComparison.Ordinal) ? CacheControls.Immutable : CacheControls.Revalidate,
            variants,
            (encoding, offset, _) => Task.FromResult(Open(encoding is null ? path : $"{path}.{encoding}", offset)));
    }

    private Stream? Open(string path, long offset)
    {
        var info = environment.WebRootFileProvider.GetFileInfo(path);
        if (!info.Exists) return null;
        var stream = info.CreateReadStream();
        if (offset > 0) stream.Seek(offset, SeekOrigin.Begin);
        return stream;
    }

    private IEnumerable<(string Path, IFileInfo File)> Walk(string directory)
    {
        foreach (var entry in environment.WebRootFileProvider.GetDirectoryContents(directory))
        {
            var path = directory.Length == 0 ? entry.Name : $"{directory}/{entry.Name}";
            if (!entry.IsDirectory) yield return (path, entry);
            else foreach (var inner in Walk(path)) yield return inner;
        }
    }

    private static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type is "application/javascript" or "application/json" ? type + "; charset=utf-8" : type;

    private sealed record Snapshot(DateTimeOffset Version, Dictionary<string, ServedFile> Files, SpaPolicy PolicyFile)
    {
        public string Policy(string apiBaseUrl) => PolicyFile.Header(apiBaseUrl);
    }
}
