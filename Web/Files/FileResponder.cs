using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Net.Http.Headers;

namespace Platform.Web.Files;

/// <summary>What differs between answers with the same file.</summary>
/// <param name="Status">200 has validators, ranges and conditions; other statuses send the file as a page about themselves.</param>
/// <param name="Modified">When the content appeared under this address, in whole seconds.</param>
/// <param name="Headers">Headers that a site adds or puts in place of ours.</param>
/// <param name="IsPrivate">No cache between here and the visitor may keep it.</param>
internal readonly record struct FileAnswer(
    int Status = StatusCodes.Status200OK, Timestamp? Modified = null, IReadOnlyList<KeyValuePair<string, string>>? Headers = null, bool IsPrivate = false);

/// <summary>A moment in whole seconds, and as headers write it.</summary>
internal sealed class Timestamp(DateTimeOffset moment)
{
    public DateTimeOffset Value { get; } = new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    public string Text { get; } = moment.ToString("r", CultureInfo.InvariantCulture);
}

/// <summary>
/// Answers GET and HEAD with a file: conditions, one range (a request for several gets the whole file), precompressed variants. Small files are
/// kept in memory and answered without waiting for anything.
/// </summary>
internal sealed class FileResponder(BodyCache cache)
{
    private const string AllowedMethods = "GET, HEAD";

    // More than this is handed to the connection only as fast as the client takes it.
    private const int ChunkSize = 256 * 1024;

    // Asked for in one piece, memory comes in one piece: the connection's own blocks are of 4 KiB, and each of them costs when it is sent.
    // Larger pieces would lie on the heap of large objects.
    private const int PartSize = 64 * 1024;

    /// <summary>False after it has answered 405.</summary>
    public static bool AcceptsMethod(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return true;
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = AllowedMethods;
        return false;
    }

    public Task RespondAsync(HttpContext context, ServedFile file, in FileAnswer answer = default)
    {
        var request = context.Request.Headers;
        var response = context.Response;
        var status = answer.Status == 0 ? StatusCodes.Status200OK : answer.Status;
        var isWhole = true;
        var range = default(RequestedRange);
        if (status == StatusCodes.Status200OK && request.Range.Count > 0 && HttpMethods.IsGet(context.Request.Method))
        {
            // A range speaks of the plain bytes; variants are for whole answers.
            isWhole = !RequestedRange.TryRead(request.Range, file.Plain.Length, out range) || !Preconditions.AllowsRange(request, file.Plain.ETag, answer.Modified?.Value);
        }

        var selected = isWhole ? file.Select(request.AcceptEncoding) : file.Plain;
        response.StatusCode = status;
        SetHeaders(response, file, selected, status, answer);
        if (status == StatusCodes.Status200OK && Preconditions.Evaluate(request, selected.ETag, answer.Modified?.Value) is not 0 and var verdict)
        {
            response.StatusCode = verdict;
            // Neither answer has a body to describe.
            response.Headers.ContentType = default;
            return Task.CompletedTask;
        }

        if (!isWhole) return SendRangeAsync(context, file.Plain, range);
        if (selected.Coding is { } coding) response.Headers.ContentEncoding = coding;
        response.ContentLength = selected.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        if (selected.Body is not { } body) return SendAsync(context, selected);
        selected.IsRecent = true;
        return WriteAsync(context, body);
    }

    private static void SetHeaders(HttpResponse response, ServedFile file, Representation selected, int status, in FileAnswer answer)
    {
        var headers = response.Headers;
        headers.ContentType = file.ContentType;
        headers.CacheControl = answer.IsPrivate ? CacheControls.Private : file.CacheControl;
        if (file.Varies) headers.Vary = HeaderNames.AcceptEncoding;
        if (status == StatusCodes.Status200OK)
        {
            headers.ETag = selected.ETag;
            headers.AcceptRanges = "bytes";
            if (answer.Modified is { } modified) headers.LastModified = modified.Text;
        }

        if (answer.Headers is not { Count: > 0 } more) return;
        foreach (var (name, value) in more)
        {
            if (answer.IsPrivate && name.Equals(HeaderNames.CacheControl, StringComparison.OrdinalIgnoreCase)) continue;
            headers[name] = value;
        }
    }

    private static Task SendRangeAsync(HttpContext context, Representation plain, RequestedRange range)
    {
        var response = context.Response;
        if (range.Length == 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentType = default;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{plain.Length}");
            return Task.CompletedTask;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {range.From}-{range.From + range.Length - 1}/{plain.Length}");
        response.ContentLength = range.Length;
        return plain.Body is { } body ? WriteAsync(context, body.AsMemory((int)range.From, (int)range.Length)) : CopyAsync(context, plain, range.From, range.Length);
    }

    private Task SendAsync(HttpContext context, Representation selected) =>
        cache.Accepts(selected) ? LoadAsync(context, selected) : CopyAsync(context, selected, 0, selected.Length);

    private async Task LoadAsync(HttpContext context, Representation selected)
    {
        var body = new byte[selected.Length];
        await using (var content = await selected.OpenAsync(0, context.RequestAborted))
        {
            if (content is null)
            {
                AnswerGone(context);
                return;
            }

            await content.ReadExactlyAsync(body, context.RequestAborted);
        }

        cache.Keep(selected, body);
        await WriteAsync(context, body);
    }

    /// <summary>What is put into the buffer after the head is copied there once; before it, it would be kept aside and copied twice.</summary>
    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        await context.Response.StartAsync(context.RequestAborted);
        var writer = context.Response.BodyWriter;
        while (!body.IsEmpty)
        {
            var chunk = body[..Math.Min(ChunkSize, body.Length)];
            body = body[chunk.Length..];
            Put(writer, chunk.Span);
            // The end of the request would not send what is put after an earlier flush.
            var flushed = await writer.FlushAsync(context.RequestAborted);
            if (flushed.IsCompleted) return;
        }
    }

    private static void Put(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(PartSize, bytes.Length)];
            bytes = bytes[part.Length..];
            part.CopyTo(writer.GetSpan(part.Length));
            writer.Advance(part.Length);
        }
    }

    private static async Task CopyAsync(HttpContext context, Representation selected, long from, long length)
    {
        await using var content = await selected.OpenAsync(from, context.RequestAborted);
        if (content is null) AnswerGone(context);
        else await StreamCopyOperation.CopyToAsync(content, context.Response.Body, length, ChunkSize, context.RequestAborted);
    }

    /// <summary>The manifest names it and the store does not have it: the installation is broken, not the address wrong.</summary>
    private static void AnswerGone(HttpContext context)
    {
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
    }
}
