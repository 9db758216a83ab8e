using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Platform.Api.Deployments;

/// <summary>The form of an upload: settings as fields, the archive as its file. It is read once, as it comes, and only the fields are held in memory.</summary>
internal sealed class UploadForm(MultipartReader reader)
{
    public const string Type = "multipart/form-data";

    /// <summary>What may stand around the file.</summary>
    public const int MaxFieldBytes = 512 * 1024;

    private const int MaxBoundary = 100;
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private int _left = MaxFieldBytes;

    /// <summary>The fields that have come so far; of two of one name the later counts.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    public static bool Is(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(Type, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">The request does not say where its parts begin.</exception>
    public static UploadForm Open(HttpRequest request)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        return string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundary
            ? throw new InvalidDataException("There is no usable boundary.")
            : new UploadForm(new MultipartReader(boundary, request.Body));
    }

    /// <summary>Reads the fields up to the next file; null: the form ends.</summary>
    /// <exception cref="InvalidDataException">It is no form, or its fields are too long.</exception>
    public async Task<Stream?> NextFileAsync(CancellationToken cancellationToken)
    {
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var part = section.GetContentDispositionHeader();
            if (part?.IsFileDisposition() == true) return section.Body;
            if (part?.IsFormDisposition() == true) _fields[HeaderUtilities.RemoveQuotes(part.Name).Value ?? ""] = await ReadTextAsync(section.Body, cancellationToken);
        }

        return null;
    }

    private async Task<string> ReadTextAsync(Stream content, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if ((_left -= read) < 0) throw new InvalidDataException("The fields are too long.");
            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
