using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace Platform.Core.Documents.MongoDb;

/// <summary>A query in MongoDB's language. A comparison there regards only values of the same type, so null is in no range.</summary>
internal static class MongoDocumentQuery
{
    public static BsonDocument ById(Guid id, long? version = null)
    {
        var filter = new BsonDocument("_id", MongoDocumentBson.Id(id));
        return version is { } expected ? filter.Add("version", new BsonInt64(expected)) : filter;
    }

    public static BsonDocument Filter<T>(DocumentQuery<T> query)
        where T : Document
    {
        var filter = Filter(query.Conditions);
        if (query.Cursor is null) return filter;
        return new BsonDocument("$and", new BsonArray { filter, After(query.Sort, DocumentCursor.Decode(query.Cursor)) });
    }

    public static BsonDocument Filter(IReadOnlyList<DocumentCondition> conditions) => conditions.Count == 0
        ? []
        : new BsonDocument("$and", new BsonArray(conditions.Select(Condition)));

    public static BsonDocument Sort(DocumentSort sort)
    {
        var direction = new BsonInt32(sort.Descending ? -1 : 1);
        var id = new BsonDocument("_id", direction);
        return sort.Field.Path == "id" ? id : new BsonDocument { { MongoDocumentBson.Path(sort.Field), direction }, { "_id", direction } };
    }

    private static BsonDocument Condition(DocumentCondition condition)
    {
        var path = MongoDocumentBson.Path(condition.Field);
        return condition switch
        {
            EqualCondition equal => new BsonDocument(path, MongoDocumentBson.Value(equal.Value)),
            InCondition any => new BsonDocument(path, new BsonDocument("$in", new BsonArray(any.Values.Select(MongoDocumentBson.Value)))),
            PrefixCondition prefix => new BsonDocument(path, new BsonRegularExpression("^" + Regex.Escape(prefix.Prefix))),
            ContainsCondition contains => new BsonDocument(path, new BsonRegularExpression(Regex.Escape(contains.Text), "i")),
            RangeCondition range => new BsonDocument(path, Range(range)),
            _ => throw new ArgumentException($"{condition.GetType().Name} is not known.", nameof(condition)),
        };
    }

    private static BsonDocument Range(RangeCondition range)
    {
        var bounds = new BsonDocument("$ne", BsonNull.Value);
        if (range.From is not null) bounds.Add("$gte", MongoDocumentBson.Value(range.From));
        if (range.To is not null) bounds.Add("$lt", MongoDocumentBson.Value(range.To));
        return bounds;
    }

    private static BsonDocument After(DocumentSort sort, DocumentCursor cursor)
    {
        var beyond = new BsonDocument("_id", new BsonDocument(sort.Descending ? "$lt" : "$gt", MongoDocumentBson.Id(cursor.Id)));
        if (sort.Field.Path == "id") return beyond;

        var path = MongoDocumentBson.Path(sort.Field);
        var value = MongoDocumentBson.Value(cursor.Value);
        var alternatives = new BsonArray { new BsonDocument(path, value).Add("_id", beyond["_id"]) };
        if (cursor.Value is not null) alternatives.Add(new BsonDocument(path, new BsonDocument(sort.Descending ? "$lt" : "$gt", value)));
        if (cursor.Value is not null && sort.Descending) alternatives.Add(new BsonDocument(path, BsonNull.Value));
        if (cursor.Value is null && !sort.Descending) alternatives.Add(new BsonDocument(path, new BsonDocument("$ne", BsonNull.Value)));
        return new BsonDocument("$or", alternatives);
    }
}
