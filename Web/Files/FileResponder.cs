using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Platform.Web.Files;

/// <summary>Answers GET and HEAD with a file: validators, one range, precompressed variants.</summary>
internal static class FileResponder
{
    private const string AllowedMethods = "GET, HEAD";

    /// <summary>False after it has answered 405.</summary>
    public static bool AcceptsMethod(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return true;
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = AllowedMethods;
        return false;
    }

    public static async Task RespondAsync(HttpContext context, ServedFile file, int status = StatusCodes.Status200OK)
    {
        var request = context.Request;
        var response = context.Response;
        // A range speaks of the plain bytes; variants are for whole answers.
        var ranged = status == StatusCodes.Status200OK && request.Headers.ContainsKey(HeaderNames.Range);
        var encoding = ranged ? null : Negotiate(request.Headers.AcceptEncoding, file.Encodings);
        var tag = new EntityTagHeaderValue($"\"{file.Tag}{(encoding is null ? "" : "-" + encoding)}\"");

        response.StatusCode = status;
        response.ContentType = file.ContentType;
        response.Headers.CacheControl = file.CacheControl;
        response.Headers.ETag = tag.ToString();
        if (file.Encodings.Count > 0) response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (status == StatusCodes.Status200OK)
        {
            response.Headers.AcceptRanges = "bytes";
            if (IsUnchanged(request, file.Tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        var (from, length) = (0L, encoding is null ? file.Length : file.Encodings[encoding]);
        if (ranged && !TryApplyRange(context, file, tag, out from, out length)) return;
        if (encoding is not null) response.Headers.ContentEncoding = encoding == "gz" ? "gzip" : encoding;
        await SendAsync(context, file, encoding, from, length);
    }

    private static async Task SendAsync(HttpContext context, ServedFile file, string? encoding, long from, long length)
    {
        var cancellationToken = context.RequestAborted;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentLength = length;
            return;
        }

        await using var content = await file.OpenAsync(encoding, cancellationToken);
        if (content is null)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = length;
        if (from > 0) content.Seek(from, SeekOrigin.Begin);
        await StreamCopyOperation.CopyToAsync(content, context.Response.Body, length, cancellationToken);
    }

    /// <summary>Sets 206 or 416. False when the answer is complete.</summary>
    private static bool TryApplyRange(HttpContext context, ServedFile file, EntityTagHeaderValue tag, out long from, out long length)
    {
        (from, length) = (0, file.Length);
        var headers = context.Request.GetTypedHeaders();
        // If-Range by date or by another version: the whole file. Several ranges: allowed to be ignored.
        if (headers.IfRange is { } condition && condition.EntityTag?.Compare(tag, useStrongComparison: true) != true) return true;
        if (headers.Range is not { Ranges.Count: 1 } range || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)) return true;

        var wanted = range.Ranges.Single();
        if (wanted.From is { } start)
        {
            from = start;
            length = Math.Min(wanted.To ?? long.MaxValue - 1, file.Length - 1) - start + 1;
        }
        else
        {
            length = Math.Min(wanted.To ?? 0, file.Length);
            from = file.Length - length;
        }

        if (length <= 0)
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}");
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{file.Length}");
        return true;
    }

    private static bool IsUnchanged(HttpRequest request, string contentTag)
    {
        if (request.Headers.IfNoneMatch.Count == 0) return false;
        // Whichever variant the browser holds, it is of the same content.
        return request.GetTypedHeaders().IfNoneMatch.Any(candidate =>
            candidate.Equals(EntityTagHeaderValue.Any) || candidate.Tag.AsSpan().Trim('"').SequenceEqual(contentTag)
            || candidate.Tag.AsSpan().Trim('"').StartsWith(contentTag + "-", StringComparison.Ordinal));
    }

    /// <summary>The best precompressed variant that the client accepts; null is the plain file.</summary>
    internal static string? Negotiate(StringValues accepted, IReadOnlyDictionary<string, long> variants)
    {
        if (variants.Count == 0 || StringValues.IsNullOrEmpty(accepted)) return null;
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var values)) return null;
        var (best, bestQuality) = ((string?)null, 0.0);
        foreach (var (variant, coding) in new[] { ("br", "br"), ("gz", "gzip") })
        {
            if (!variants.ContainsKey(variant)) continue;
            var quality = Quality(values, coding);
            if (quality > bestQuality) (best, bestQuality) = (variant, quality);
        }

        return best;
    }

    private static double Quality(IList<StringWithQualityHeaderValue> values, string coding)
    {
        var named = values.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase));
        named ??= values.FirstOrDefault(value => value.Value == "*");
        return named is null ? 0 : named.Quality ?? 1;
    }
}
