using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core.Documents;

/// <summary>The stored form of documents, the same in every adapter: what compares as text there must be written so that it sorts as it means.</summary>
internal static class DocumentJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static JsonElement Write<T>(T document)
        where T : Document
    {
        var stored = JsonSerializer.SerializeToElement(document, Options);
        return HasNul(stored) ? throw new DocumentStoreException(DocumentStoreError.Failed, "Text with a NUL character cannot be stored.") : stored;
    }

    public static T Read<T>(string json, long version)
        where T : Document
    {
        var document = JsonSerializer.Deserialize<T>(json, Options) ?? throw new DocumentStoreException(DocumentStoreError.Failed, "A stored document is null.");
        return Versioned(document, version);
    }

    /// <summary>The same document with another version.</summary>
    public static T Versioned<T>(T document, long version)
        where T : Document => (T)((Document)document with { Version = version });

    /// <summary>A value as it compares: null, <see cref="string"/>, <see cref="decimal"/> or <see cref="bool"/>.</summary>
    public static object? Value<T>(T value) => Value(JsonSerializer.SerializeToElement(value, Options));

    public static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ArgumentException($"A {value.ValueKind} cannot be compared.", nameof(value)),
    };

    /// <summary>PostgreSQL cannot store it, so no store does.</summary>
    private static bool HasNul(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0'),
        JsonValueKind.Array => value.EnumerateArray().Any(HasNul),
        JsonValueKind.Object => value.EnumerateObject().Any(property => property.Name.Contains('\0') || HasNul(property.Value)),
        _ => false,
    };

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new MomentConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>UTC with a fixed number of digits: such texts sort like the moments they name.</summary>
    private sealed class MomentConverter : JsonConverter<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.ParseExact(reader.GetString() ?? "", Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
    }
}
