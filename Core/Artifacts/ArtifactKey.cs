using System.Buffers;

namespace Platform.Core.Artifacts;

/// <summary>Keys of the artifact store: a SHA-256 in lower-case hexadecimal, and behind it <c>.br</c> or <c>.gz</c> for a compressed variant.</summary>
public static class ArtifactKey
{
    private const int HashLength = 64;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The encodings of derived content.</summary>
    public static IReadOnlyList<string> Encodings { get; } = ["br", "gz"];

    public static bool IsValid(string key) =>
        key.Length >= HashLength && !key.AsSpan(0, HashLength).ContainsAnyExcept(Hex) && key.AsSpan(HashLength) is ("" or ".br" or ".gz");

    /// <summary>Key of a compressed variant; the content itself for null.</summary>
    public static string Of(string sha256, string? encoding) => encoding is null ? sha256 : $"{sha256}.{encoding}";

    /// <summary>The content that a key belongs to.</summary>
    public static string HashOf(string key) => key[..HashLength];

    /// <exception cref="ArgumentException">Keys come from manifests and hashes; anything else must not become a path.</exception>
    internal static void Require(string key)
    {
        if (!IsValid(key)) throw new ArgumentException($"Not a key of the artifact store: {key}", nameof(key));
    }
}
