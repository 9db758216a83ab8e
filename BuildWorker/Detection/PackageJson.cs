using System.Text.Json;
using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Detection;

/// <summary>The parts of a package.json that say how to build.</summary>
internal sealed record PackageJson(string? PackageManager, IReadOnlySet<string> Scripts, IReadOnlySet<string> Dependencies)
{
    private const long MaxBytes = 1024 * 1024;

    public bool HasDependencies => Dependencies.Count > 0;

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
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Broken("it is not a JSON object");
            var root = document.RootElement;
            return new PackageJson(
                root.TryGetProperty("packageManager", out var manager) && manager.ValueKind == JsonValueKind.String ? manager.GetString() : null,
                Names(root, "scripts"),
                Names(root, "dependencies").Union(Names(root, "devDependencies")).Union(Names(root, "optionalDependencies")).ToHashSet());
        }
        catch (JsonException exception)
        {
            throw Broken(exception.Message);
        }
    }

    private static HashSet<string> Names(JsonElement root, string property) =>
        root.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject().Select(entry => entry.Name)]
            : [];

    private static BuildFailureException Broken(string why) =>
        new(FailureCode.BuildFailed, $"package.json cannot be read: {why}", "Correct the file; `npm pkg get name` shows whether it can be read.");
}
