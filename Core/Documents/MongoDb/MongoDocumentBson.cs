using System.Globalization;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;

namespace Platform.Core.Documents.MongoDb;

/// <summary>The stored form as BSON, value by value: texts stay texts, whole numbers become 64-bit ones, others decimal.</summary>
internal static class MongoDocumentBson
{
    public static BsonString Id(Guid id) => new(id.ToString("D"));

    public static string Path(DocumentField field) => field.Path == "id" ? "_id" : "data." + field.Path;

    public static BsonValue Value(object? value) => value switch
    {
        null => BsonNull.Value,
        decimal number => Number(number),
        bool truth => truth ? BsonBoolean.True : BsonBoolean.False,
        _ => new BsonString((string)value),
    };

    public static BsonDocument Write<T>(T document, long version)
        where T : Document => new()
        {
            { "_id", Id(document.Id) },
            { "version", new BsonInt64(version) },
            { "data", ToBson(DocumentJson.Write(document)) },
        };

    public static T Read<T>(BsonDocument stored)
        where T : Document
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) WriteJson(writer, stored["data"]);
        try
        {
            return DocumentJson.Read<T>(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length), Version(stored));
        }
        catch (JsonException exception)
        {
            throw new DocumentStoreException(DocumentStoreError.Failed, "A stored document is not understood.", exception);
        }
    }

    public static long Version(BsonDocument stored) => stored["version"].AsInt64;

    private static BsonValue ToBson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new BsonDocument(value.EnumerateObject().Select(property => new BsonElement(property.Name, ToBson(property.Value)))),
        JsonValueKind.Array => new BsonArray(value.EnumerateArray().Select(ToBson)),
        JsonValueKind.String => new BsonString(value.GetString()!),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? Number(number) : new BsonDouble(value.GetDouble()),
        JsonValueKind.True => BsonBoolean.True,
        JsonValueKind.False => BsonBoolean.False,
        _ => BsonNull.Value,
    };

    private static BsonValue Number(decimal number) => number.Scale == 0 && number is >= long.MinValue and <= long.MaxValue
        ? new BsonInt64((long)number)
        : new BsonDecimal128(number);

    private static void WriteJson(Utf8JsonWriter writer, BsonValue value)
    {
        switch (value)
        {
            case BsonDocument document:
                writer.WriteStartObject();
                foreach (var element in document)
                {
                    writer.WritePropertyName(element.Name);
                    WriteJson(writer, element.Value);
                }

                writer.WriteEndObject();
                break;
            case BsonArray array:
                writer.WriteStartArray();
                foreach (var item in array) WriteJson(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, value);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, BsonValue value)
    {
        switch (value.BsonType)
        {
            case BsonType.String: writer.WriteStringValue(value.AsString); break;
            case BsonType.Boolean: writer.WriteBooleanValue(value.AsBoolean); break;
            case BsonType.Int32: writer.WriteNumberValue(value.AsInt32); break;
            case BsonType.Int64: writer.WriteNumberValue(value.AsInt64); break;
            case BsonType.Double: writer.WriteNumberValue(value.AsDouble); break;
            case BsonType.Decimal128: writer.WriteRawValue(value.AsDecimal.ToString(CultureInfo.InvariantCulture)); break;
            case BsonType.Null: writer.WriteNullValue(); break;
            default: throw new DocumentStoreException(DocumentStoreError.Failed, $"A stored document holds a {value.BsonType}.");
        }
    }
}
