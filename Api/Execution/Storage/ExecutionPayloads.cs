using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Platform.Api.Execution.Storage;

/// <summary>Requests and answers as they are stored: JSON as on the wire, compressed.</summary>
internal sealed class ExecutionPayloads(IOptions<JsonOptions> json, IOptions<HistoryOptions> history)
{
    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;

    /// <summary>The secret of the callback is kept elsewhere, encrypted.</summary>
    public byte[] Pack(ExecuteRequest request) => Compress(request with { Callback = null });

    public ExecuteRequest Request(byte[] packed) => Expand<ExecuteRequest>(packed);

    public byte[] Pack(ExecuteResponse response) => Compress(response with
    {
        Stdout = Cut(response.Stdout, response.StdoutEncoding),
        Stderr = Cut(response.Stderr, response.StderrEncoding),
        Truncated = new TruncatedResponse(
            response.Truncated.Stdout || response.Stdout.Length > history.Value.MaxOutputChars,
            response.Truncated.Stderr || response.Stderr.Length > history.Value.MaxOutputChars),
    });

    public ExecuteResponse Response(byte[] packed) => Expand<ExecuteResponse>(packed);

    private string Cut(string text, string encoding)
    {
        var most = history.Value.MaxOutputChars;
        if (text.Length <= most) return text;
        // Neither half a character nor half a group of base64.
        if (encoding == "base64") most -= most % 4;
        else if (most > 0 && char.IsHighSurrogate(text[most - 1])) most--;
        return text[..most];
    }

    private byte[] Compress<T>(T value)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, value, _json);
        return buffer.ToArray();
    }

    private T Expand<T>(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(gzip, _json) ?? throw new InvalidDataException("A stored execution is empty.");
    }
}
