using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Core.Tests.Artifacts;

/// <summary>
/// A bucket on loopback, written from Amazon's description of Signature Version 4: it computes the signature of every request and the hash of every
/// body itself and refuses what does not match.
/// </summary>
internal sealed class FakeS3(WebApplication app, TimeProvider time) : IAsyncDisposable
{
    public const string Bucket = "builds";
    public const string KeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-central-1";

    private const int PageSize = 3;
    private readonly ConcurrentDictionary<string, (byte[] Content, DateTimeOffset At)> _objects = new();

    public string Address => app.Urls.First();

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Refused { get; } = new();

    public static async Task<FakeS3> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeS3(app, time);
        app.Run(fake.HandleAsync);
        await app.StartAsync(CancellationToken.None);
        return fake;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        Requests.Enqueue($"{request.Method} {request.Path}");
        if (FindProblem(request, body) is { } problem)
        {
            Refused.Enqueue(problem);
            await AnswerAsync(context, 403, $"<Error><Code>SignatureDoesNotMatch</Code><Message>{problem}</Message></Error>");
            return;
        }

        var prefix = $"/{Bucket}/";
        var key = request.Path.Value!.StartsWith(prefix, StringComparison.Ordinal) ? request.Path.Value[prefix.Length..] : "";
        await (request.Method switch
        {
            "GET" when request.Query.ContainsKey("list-type") => ListAsync(context),
            "PUT" when request.Headers.TryGetValue("x-amz-copy-source", out var source) => CopyAsync(context, key, Uri.UnescapeDataString(source.ToString()).TrimStart('/')),
            "PUT" => StoreAsync(context, key, body),
            "DELETE" => RemoveAsync(context, key),
            _ => GetAsync(context, key),
        });
    }

    private Task StoreAsync(HttpContext context, string key, byte[] body)
    {
        _objects[key] = (body, time.GetUtcNow());
        context.Response.Headers.ETag = TagOf(body);
        return Task.CompletedTask;
    }

    private Task CopyAsync(HttpContext context, string key, string source)
    {
        if (!_objects.TryGetValue(source[(Bucket.Length + 1)..], out var found)) return NoSuchKeyAsync(context);
        _objects[key] = (found.Content, time.GetUtcNow());
        return AnswerAsync(context, 200, $"<CopyObjectResult><ETag>{TagOf(found.Content)}</ETag></CopyObjectResult>");
    }

    private Task RemoveAsync(HttpContext context, string key)
    {
        _objects.TryRemove(key, out _);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task GetAsync(HttpContext context, string key)
    {
        if (!_objects.TryGetValue(key, out var found))
        {
            await NoSuchKeyAsync(context);
            return;
        }

        context.Response.Headers.LastModified = found.At.ToString("r", CultureInfo.InvariantCulture);
        context.Response.Headers.ETag = TagOf(found.Content);
        var content = found.Content.AsMemory();
        if (context.Request.Headers.Range is [{ } range])
        {
            content = content[int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture)..];
            context.Response.StatusCode = 206;
        }

        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private Task ListAsync(HttpContext context)
    {
        var after = context.Request.Query["continuation-token"].ToString();
        var names = _objects.Keys.Where(name => name.StartsWith(context.Request.Query["prefix"].ToString(), StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0)
            .Order(StringComparer.Ordinal).Take(PageSize + 1).ToArray();
        var page = names.Take(PageSize).ToArray();
        var contents = string.Concat(page.Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"<Contents><Key>{name}</Key><LastModified>{_objects[name].At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}</LastModified><ETag>{TagOf(_objects[name].Content)}</ETag><Size>{_objects[name].Content.Length}</Size></Contents>")));
        var more = names.Length > PageSize;
        return AnswerAsync(context, 200, $"""
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{Bucket}</Name><KeyCount>{page.Length}</KeyCount><IsTruncated>{(more ? "true" : "false")}</IsTruncated>
            {(more ? $"<NextContinuationToken>{page[^1]}</NextContinuationToken>" : "")}{contents}</ListBucketResult>
            """);
    }

    private static Task NoSuchKeyAsync(HttpContext context) => HttpMethods.IsHead(context.Request.Method)
        ? Task.FromResult(context.Response.StatusCode = 404)
        : AnswerAsync(context, 404, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");

    private static async Task AnswerAsync(HttpContext context, int status, string xml)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(xml.Trim(), context.RequestAborted);
    }

    /// <summary>Signature Version 4: canonical request, string to sign, derived key.</summary>
    private static string? FindProblem(HttpRequest request, byte[] body)
    {
        var authorization = request.Headers.Authorization.ToString();
        const string Scheme = "AWS4-HMAC-SHA256 ";
        if (!authorization.StartsWith(Scheme, StringComparison.Ordinal)) return "no signature of version 4";
        var parts = authorization[Scheme.Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        if (parts["Credential"].Split('/') is not [KeyId, var day, Region, "s3", "aws4_request"]) return "another credential: " + parts["Credential"];
        var payload = request.Headers["x-amz-content-sha256"].ToString();
        if (payload != Convert.ToHexStringLower(SHA256.HashData(body))) return "the body's hash is not the announced one: " + payload;

        var signed = parts["SignedHeaders"].Split(';');
        if (!signed.Contains("host") || !signed.Contains("x-amz-date") || !signed.Contains("x-amz-content-sha256")) return "headers are not signed";
        var headers = string.Concat(signed.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(value => value!.Trim()))}\n"));
        var query = string.Join('&', request.Query.SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")).Order(StringComparer.Ordinal));
        var path = string.Join('/', request.Path.Value!.Split('/').Select(Uri.EscapeDataString));
        var canonical = $"{request.Method}\n{path}\n{query}\n{headers}\n{parts["SignedHeaders"]}\n{payload}";
        var date = request.Headers["x-amz-date"].ToString();
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{day}/{Region}/s3/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Sign(Sign(Sign(Sign(Encoding.UTF8.GetBytes("AWS4" + Secret), day), Region), "s3"), "aws4_request");
        return Convert.ToHexStringLower(Sign(key, toSign)) == parts["Signature"] ? null : "the signature does not match";
    }

    // S3 defines it so, and clients compare it with what they received.
#pragma warning disable CA5351
    private static string TagOf(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";
#pragma warning restore CA5351

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
