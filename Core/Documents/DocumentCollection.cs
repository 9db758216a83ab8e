using System.Linq.Expressions;

namespace Platform.Core.Documents;

/// <summary>What a collection is: its name and the fields by which it can be searched and sorted.</summary>
public sealed class DocumentCollection<T>
    where T : Document
{
    private readonly HashSet<string> _paths = ["id"];

    /// <summary>A collection without indexes: found by id only.</summary>
    /// <exception cref="ArgumentException">The name has other characters, or more than 40 of them.</exception>
    public DocumentCollection(string name)
        : this(name, [])
    {
        var valid = name is { Length: > 0 and <= 40 } && char.IsAsciiLetterLower(name[0])
            && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');
        if (!valid) throw new ArgumentException($"'{name}' cannot be the name of a collection.", nameof(name));
    }

    private DocumentCollection(string name, IReadOnlyList<DocumentIndex> indexes)
    {
        Name = name;
        Indexes = indexes;
        foreach (var index in indexes) _paths.UnionWith(index.Fields.Select(field => field.Path));
    }

    /// <summary>Lower-case letters, digits and underscores.</summary>
    public string Name { get; }

    public IReadOnlyList<DocumentIndex> Indexes { get; }

    /// <summary>With an index over the fields, in this order. Queries can use these fields.</summary>
    public DocumentCollection<T> WithIndex(params Expression<Func<T, object?>>[] fields) => With(new DocumentIndex([.. fields.Select(DocumentField.Of)], IsUnique: false));

    /// <summary>With an index that allows each combination of the fields' values once; null is no value and can repeat.</summary>
    public DocumentCollection<T> WithUniqueIndex(params Expression<Func<T, object?>>[] fields) => With(new DocumentIndex([.. fields.Select(DocumentField.Of)], IsUnique: true));

    /// <summary>Refuses a query by a field that no index has.</summary>
    internal void Check(DocumentQuery<T> query)
    {
        foreach (var field in query.Conditions.Select(condition => condition.Field).Append(query.Sort.Field))
        {
            if (!_paths.Contains(field.Path)) throw new ArgumentException($"The collection '{Name}' has no index with the field '{field.Path}'.", nameof(query));
        }
    }

    private DocumentCollection<T> With(DocumentIndex index) => new(Name, [.. Indexes, index]);
}

/// <summary>An index of a collection.</summary>
public sealed record DocumentIndex(IReadOnlyList<DocumentField> Fields, bool IsUnique);
