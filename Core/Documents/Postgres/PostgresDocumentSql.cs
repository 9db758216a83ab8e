using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Platform.Core.Documents.Postgres;

/// <summary>A query as SQL. Names are put into the text, values only into parameters.</summary>
internal sealed class PostgresDocumentSql
{
    private const string AnyCase = "COLLATE \"und-x-icu\"";

    private readonly StringBuilder _text = new();
    private readonly List<NpgsqlParameter> _parameters = [];

    public static PostgresDocumentSql Select<T>(string collection, DocumentQuery<T> query)
        where T : Document
    {
        var sql = new PostgresDocumentSql();
        sql._text.Append("SELECT version, data FROM documents");
        sql.Where(collection, query.Conditions);
        if (query.Cursor is not null) sql.After(query.Sort, DocumentCursor.Decode(query.Cursor));
        sql.Order(query.Sort);
        // One more than a page tells whether there is a next.
        sql._text.Append(CultureInfo.InvariantCulture, $" LIMIT {query.Limit + 1} OFFSET {query.Offset}");
        return sql;
    }

    public static PostgresDocumentSql Matching<T>(string verb, string collection, DocumentQuery<T> query)
        where T : Document
    {
        var sql = new PostgresDocumentSql();
        sql._text.Append(verb).Append(" FROM documents");
        sql.Where(collection, query.Conditions);
        return sql;
    }

    /// <summary>A field as it compares: by code point, or by value.</summary>
    public static string Expression(DocumentField field)
    {
        var parts = field.Path.Split('.');
        var text = parts.Length == 1 ? $"data->>'{parts[0]}'" : $"data#>>'{{{string.Join(',', parts)}}}'";
        return field.IsNumber ? $"(({text})::numeric)" : $"(({text}) COLLATE \"C\")";
    }

    // The text is made of field names and constants.
#pragma warning disable CA2100
    public NpgsqlCommand Command(NpgsqlDataSource database)
    {
        var command = database.CreateCommand(_text.ToString());
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }
#pragma warning restore CA2100

    private void Where(string collection, IReadOnlyList<DocumentCondition> conditions)
    {
        // Not a parameter: the planner must see that the collection's partial indexes apply.
        _text.Append(" WHERE collection = '").Append(collection).Append('\'');
        foreach (var condition in conditions) _text.Append(" AND ").Append(Condition(condition));
    }

    private string Condition(DocumentCondition condition)
    {
        var expression = Expression(condition.Field);
        return condition switch
        {
            EqualCondition { Value: null } => $"{expression} IS NULL",
            EqualCondition equal => $"{expression} = {Parameter(equal.Value)}",
            InCondition { Values.Count: 0 } => "false",
            InCondition any => $"{expression} = ANY ({ArrayParameter(condition.Field, any.Values)})",
            PrefixCondition prefix => $"{expression} ^@ {Parameter(prefix.Prefix)}",
            ContainsCondition contains => $"strpos(lower({expression} {AnyCase}), lower({Parameter(contains.Text)} {AnyCase})) > 0",
            RangeCondition range => Range(expression, range),
            _ => throw new ArgumentException($"{condition.GetType().Name} is not known.", nameof(condition)),
        };
    }

    private string Range(string expression, RangeCondition range)
    {
        var bounds = new List<string> { $"{expression} IS NOT NULL" };
        if (range.From is not null) bounds.Add($"{expression} >= {Parameter(range.From)}");
        if (range.To is not null) bounds.Add($"{expression} < {Parameter(range.To)}");
        return string.Join(" AND ", bounds);
    }

    private void After(DocumentSort sort, DocumentCursor cursor)
    {
        var id = Parameter(cursor.Id);
        var expression = Expression(sort.Field);
        _text.Append(" AND ").Append((sort, cursor.Value) switch
        {
            ({ Field.Path: "id", Descending: false }, _) => $"id > {id}",
            ({ Field.Path: "id" }, _) => $"id < {id}",
            ({ Descending: false }, null) => $"({expression} IS NOT NULL OR id > {id})",
            ({ Descending: true }, null) => $"({expression} IS NULL AND id < {id})",
            ({ Descending: false }, var value) => $"({expression}, id) > ({Parameter(value)}, {id})",
            ({ Descending: true }, var value) => $"(({expression}, id) < ({Parameter(value)}, {id}) OR {expression} IS NULL)",
        });
    }

    private void Order(DocumentSort sort)
    {
        var direction = sort.Descending ? "DESC NULLS LAST" : "ASC NULLS FIRST";
        _text.Append(" ORDER BY ");
        if (sort.Field.Path != "id") _text.Append(Expression(sort.Field)).Append(' ').Append(direction).Append(", ");
        _text.Append("id ").Append(sort.Descending ? "DESC" : "ASC");
    }

    /// <summary>All but numbers compare as text; "false" comes before "true" there too.</summary>
    private static object? Text(object? value) => value is bool truth ? (truth ? "true" : "false") : value;

    private string Parameter(object? value)
    {
        _parameters.Add(new NpgsqlParameter { Value = Text(value) });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }

    private string ArrayParameter(DocumentField field, IReadOnlyList<object> values)
    {
        _parameters.Add(field.IsNumber
            ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric, Value = values.Cast<decimal>().ToArray() }
            : new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = values.Select(Text).Cast<string>().ToArray() });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}
