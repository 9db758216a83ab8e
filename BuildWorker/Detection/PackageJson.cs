using System.Text.Json;
using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Detection;

/// <summary>The parts of a package.json that say how to build.</summary>
internal sealed record PackageJson
{
    private const long MaxBytes = 1024 * 1024;

    public string? PackageManager { get; private init; }

    public string? NodeEngine { get; private init; }

    public IReadOnlyDictionary<string, string> Scripts { get; private init; } = new Dictionary<string, string>();

    public IReadOnlySet<string> Dependencies { get; private init; } = new HashSet<string>();

    /// <summary>Patterns of the directories whose packages are installed together with this one; null when it is no such root.</summary>
    public IReadOnlyList<string>? Workspaces { get; private init; }

    public bool HasDependencies => Dependencies.Count > 0;

    public bool Has(params ReadOnlySpan<string> packages)
    {
        foreach (var package in packages)
        {
            if (Dependencies.Contains(package)) return true;
        }

        return false;
    }

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="BuildFailureException">It is not a JSON object.</exception>
    public static PackageJson? Read(string directory)
    {
        var file = new FileInfo(Path.Combine(directory, "package.json"));
        if (!file.Exists) return null;
        if (file.Length > MaxBytes) throw Broken("it is larger than 1 MiB");
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(file.FullName), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Disallow });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : throw Broken("it is not a JSON object");
        }
        catch (JsonException exception)
        {
            throw Broken(exception.Message);
        }
    }

    private static PackageJson Read(JsonElement root) => new()
    {
        PackageManager = Text(root, "packageManager"),
        NodeEngine = root.TryGetProperty("engines", out var engines) && engines.ValueKind == JsonValueKind.Object ? Text(engines, "node") : null,
        Scripts = Texts(root, "scripts"),
        Dependencies = Texts(root, "dependencies").Keys.Union(Texts(root, "devDependencies").Keys).Union(Texts(root, "optionalDependencies").Keys).ToHashSet(),
        Workspaces = ReadWorkspaces(root),
    };

    private static List<string>? ReadWorkspaces(JsonElement root)
    {
        if (!root.TryGetProperty("workspaces", out var value)) return null;
        // Yarn 1 has them one level deeper when some packages stay where they are.
        if (value.ValueKind == JsonValueKind.Object && !value.TryGetProperty("packages", out value)) return null;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string> Texts(JsonElement root, string property)
    {
        var texts = new Dictionary<string, string>();
        if (!root.TryGetProperty(property, out var value) || value.ValueKind != JsonValueKind.Object) return texts;
        foreach (var entry in value.EnumerateObject())
            texts[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
        return texts;
    }

    private static BuildFailureException Broken(string why) =>
        new(FailureCode.BuildFailed, $"package.json cannot be read: {why}", "Correct the file; `npm pkg get name` shows whether it can be read.");
}
