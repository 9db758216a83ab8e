using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Platform.Core.Documents;

/// <summary>The place in an order after which a page begins: the sort field's value and the id of the last document.</summary>
internal sealed record DocumentCursor(object? Value, Guid Id)
{
    public string Encode()
    {
        var value = Value switch
        {
            null => "z",
            decimal number => "n" + number.ToString(CultureInfo.InvariantCulture),
            bool truth => truth ? "b1" : "b0",
            _ => "t" + Value,
        };
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id:N}{value}"));
    }

    /// <exception cref="FormatException">It did not come from <see cref="Encode"/>.</exception>
    public static DocumentCursor Decode(string text)
    {
        if (!Base64Url.IsValid(text)) throw new FormatException("The cursor is not one of this list.");
        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        if (plain.Length < 33 || !Guid.TryParseExact(plain[..32], "N", out var id)) throw new FormatException("The cursor is not one of this list.");
        return plain[32] switch
        {
            'z' => new DocumentCursor(null, id),
            'b' => new DocumentCursor(plain.EndsWith('1'), id),
            't' => new DocumentCursor(plain[33..], id),
            'n' when decimal.TryParse(plain[33..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => new DocumentCursor(number, id),
            _ => throw new FormatException("The cursor is not one of this list."),
        };
    }

    /// <summary>The cursor after a document, from its stored form.</summary>
    public static DocumentCursor Of(Document document, DocumentField field, JsonElement stored)
    {
        var at = stored;
        foreach (var name in field.Path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return new DocumentCursor(null, document.Id);
        }

        return new DocumentCursor(DocumentJson.Value(at), document.Id);
    }
}
