using System.Text.Json;
using FluentValidation;
using Platform.Api.Common.Validation;

namespace Platform.Api.Deployments;

/// <summary>How an upload is deployed.</summary>
/// <param name="Query">What the address says, and the fields of the form over it.</param>
/// <param name="Variables">Environment of builds; null: nothing is said about it.</param>
internal sealed record UploadSettings(UploadQuery Query, IReadOnlyDictionary<string, string>? Variables)
{
    private const string NoId = "This is no ID.";

    /// <summary>Reads the fields over what the query says, and judges both together.</summary>
    /// <returns>The settings, or which fields are wrong.</returns>
    public static (UploadSettings? Settings, IReadOnlyDictionary<string, string[]>? Problems) Read(
        UploadQuery query, IReadOnlyDictionary<string, string> fields, IValidator<UploadQuery> validator)
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var merged = new UploadQuery(
            Id("project", query.Project),
            Text("name", query.Name),
            Text("rootDir", query.RootDir),
            Text("installCommand", query.InstallCommand),
            Text("buildCommand", query.BuildCommand),
            Text("outputDir", query.OutputDir),
            Text("nodeVersion", query.NodeVersion),
            Id("owner", query.Owner));
        // They are secrets, and addresses are written into logs: the form is the only place for them.
        if (!BuildVariables.TryParse(AsJson(fields.GetValueOrDefault("envVars")), out var variables, out var problem)) problems["envVars"] = [problem];
        foreach (var (field, messages) in ValidationConventions.ToFields(validator.Validate(merged))) problems[field] = messages;
        return problems.Count > 0 ? (null, problems) : (new UploadSettings(merged, fields.ContainsKey("envVars") ? variables : null), null);

        string? Text(string field, string? otherwise) => fields.GetValueOrDefault(field) ?? otherwise;

        Guid? Id(string field, Guid? otherwise)
        {
            if (fields.GetValueOrDefault(field) is not { Length: > 0 } text) return otherwise;
            if (Guid.TryParse(text, out var id)) return id;
            problems[field] = [NoId];
            return otherwise;
        }
    }

    // A line begins with a name, so that an object is known by its first character.
    private static JsonElement? AsJson(string? text)
    {
        if (text is null) return null;
        if (text.TrimStart() is not ['{', ..]) return JsonSerializer.SerializeToElement(text);
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(0);
        }
    }
}
