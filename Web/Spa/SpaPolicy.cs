using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace Platform.Web.Spa;

/// <summary>The Content-Security-Policy of the application: its own files, the inline scripts of this build by their hashes, and the Api.</summary>
internal sealed partial class SpaPolicy(IReadOnlyList<string> scriptHashes)
{
    /// <summary>Written by the client's build: <c>{"scriptHashes":["sha256-…"]}</c>.</summary>
    public const string FileName = "csp.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static SpaPolicy Read(IFileProvider files)
    {
        var info = files.GetFileInfo(FileName);
        if (!info.Exists) return new SpaPolicy([]);
        using var stream = info.CreateReadStream();
        var hashes = JsonSerializer.Deserialize<BuildHashes>(stream, Json)?.ScriptHashes ?? [];
        var strange = hashes.FirstOrDefault(hash => !Hash().IsMatch(hash));
        return strange is null ? new SpaPolicy(hashes) : throw new InvalidDataException($"{FileName} holds something that is not a hash: {strange}");
    }

    public string Header(string apiBaseUrl)
    {
        var api = new Uri(apiBaseUrl);
        var origin = api.GetLeftPart(UriPartial.Authority);
        var sockets = $"{(api.Scheme == "https" ? "wss" : "ws")}://{api.Authority}";
        var scripts = string.Concat(scriptHashes.Select(hash => $" '{hash}'"));
        // Inline styles: the editor and the terminal set them on their elements. Pictures of people lie at the Api, which has no https in Development.
        return $"default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: https: {origin}; font-src 'self' data:; "
            + $"connect-src 'self' {origin} {sockets}; worker-src 'self'; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'";
    }

    private sealed record BuildHashes(IReadOnlyList<string>? ScriptHashes);

    [GeneratedRegex("^sha(256|384|512)-[A-Za-z0-9+/]{43,88}={0,2}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Hash();
}
