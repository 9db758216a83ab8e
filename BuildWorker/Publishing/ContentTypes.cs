using Microsoft.AspNetCore.StaticFiles;

namespace Platform.BuildWorker.Publishing;

/// <summary>Media types of published files.</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";
    private static readonly FileExtensionContentTypeProvider Provider = Create();

    public static string Of(string path)
    {
        if (!Provider.TryGetContentType(path, out var type)) return Unknown;
        return IsText(type) ? type + "; charset=utf-8" : type;
    }

    public static bool IsCompressible(string path)
    {
        var type = Provider.TryGetContentType(path, out var known) ? known : Unknown;
        return IsText(type) || type.EndsWith("+xml", StringComparison.Ordinal)
            || type is "application/wasm" or "font/ttf" or "font/otf" or "application/vnd.ms-fontobject" or "image/bmp" or "image/x-icon";
    }

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal)
        || type is "application/json" or "application/xml" or "application/javascript";

    private static FileExtensionContentTypeProvider Create()
    {
        var provider = new FileExtensionContentTypeProvider();
        provider.Mappings[".js"] = "text/javascript";
        provider.Mappings[".mjs"] = "text/javascript";
        provider.Mappings[".map"] = "application/json";
        provider.Mappings[".webmanifest"] = "application/manifest+json";
        provider.Mappings[".md"] = "text/markdown";
        provider.Mappings[".avif"] = "image/avif";
        return provider;
    }
}
