using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Platform.Api.Tests.Deployments;

/// <summary>What tests of uploads begin with.</summary>
internal static class UploadSteps
{
    /// <summary>The same person at an Api that is configured otherwise.</summary>
    public static HttpClient ClientOf(WebApplicationFactory<Program> host, ApiUser user)
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        return client;
    }

    public static ByteArrayContent Body(byte[] content, string type)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }

    /// <summary>A page that is so large also when it is packed.</summary>
    public static byte[] Zip(int megabytes = 0)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("index.html", CompressionLevel.NoCompression).Open();
            entry.Write(new byte[Math.Max(megabytes * 1024 * 1024, 10)]);
        }

        return memory.ToArray();
    }
}
