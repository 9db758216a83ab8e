using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.Core.Execution;

/// <summary>The languages of the platform, read once from <c>languages.yaml</c>.</summary>
public sealed class LanguageCatalog
{
    private readonly Dictionary<string, Language> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks that names are unique and commands are given.</summary>
    /// <exception cref="InvalidDataException">They are not; the message names the entry.</exception>
    public LanguageCatalog(IReadOnlyList<Language> languages)
    {
        Languages = languages;
        foreach (var language in languages)
        {
            if (language.Run.Count == 0) throw new InvalidDataException($"Language '{language.Id}' has no command to run.");
            foreach (var name in language.Aliases.Prepend(language.Id))
            {
                if (!_byName.TryAdd(name, language)) throw new InvalidDataException($"Two languages are called '{name}'.");
            }
        }
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Language> Languages { get; }

    /// <summary>The language of this id or alias, or null.</summary>
    public Language? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads the catalogue. A relative path starts at the program's folder.</summary>
    /// <exception cref="InvalidDataException">The file is no catalogue.</exception>
    public static LanguageCatalog Load(string path)
    {
        var full = Path.Combine(AppContext.BaseDirectory, path);
        try
        {
            return Parse(File.ReadAllText(full));
        }
        catch (YamlException exception)
        {
            throw new InvalidDataException($"{full} is not a catalogue of languages: {exception.Message}", exception);
        }
    }

    /// <summary>Parses the text of a catalogue.</summary>
    public static LanguageCatalog Parse(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        var file = deserializer.Deserialize<CatalogFile>(yaml) ?? new CatalogFile();
        return new LanguageCatalog([.. file.Languages.Select(entry => ToLanguage(entry, file.Defaults))]);
    }

    private static Language ToLanguage(Entry entry, EntryDefaults defaults) => new()
    {
        Id = Required(entry.Id, "id", entry),
        Name = Required(entry.Name, "name", entry),
        Version = Required(entry.Version, "version", entry),
        VersionCommand = entry.VersionCommand,
        Aliases = entry.Aliases,
        Image = $"autostack/{Required(entry.Image, "image", entry)}:latest",
        File = Required(entry.File, "file", entry),
        Compile = entry.Compile,
        Run = entry.Run,
        Check = entry.Check,
        Limits = Merge(entry.Limits, Merge(defaults.Limits, new LanguageLimits())),
        Pool = entry.Pool ?? defaults.Pool,
        Example = entry.Example ?? "",
        MultiFile = [.. entry.MultiFile.Select(file => new LanguageFile(file.Key, file.Value))],
    };

    private static LanguageLimits Merge(EntryLimits given, LanguageLimits otherwise) => new()
    {
        CpuSeconds = given.CpuSeconds ?? otherwise.CpuSeconds,
        WallSeconds = given.WallSeconds ?? otherwise.WallSeconds,
        CompileSeconds = given.CompileSeconds ?? otherwise.CompileSeconds,
        MemoryMegabytes = given.MemoryMegabytes ?? otherwise.MemoryMegabytes,
        WorkMegabytes = given.WorkMegabytes ?? otherwise.WorkMegabytes,
        Processes = given.Processes ?? otherwise.Processes,
        OpenFiles = given.OpenFiles ?? otherwise.OpenFiles,
        OutputBytes = given.OutputBytes ?? otherwise.OutputBytes,
        InteractiveSeconds = given.InteractiveSeconds ?? otherwise.InteractiveSeconds,
        InteractiveOutputBytes = given.InteractiveOutputBytes ?? otherwise.InteractiveOutputBytes,
    };

    private static string Required(string? value, string field, Entry entry) =>
        string.IsNullOrWhiteSpace(value) ? throw new InvalidDataException($"Language '{entry.Id}' has no {field}.") : value;

    private sealed class CatalogFile
    {
        public EntryDefaults Defaults { get; set; } = new();

        public List<Entry> Languages { get; set; } = [];
    }

    private sealed class EntryDefaults
    {
        public EntryLimits Limits { get; set; } = new();

        public int Pool { get; set; }
    }

    private sealed class Entry
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? Version { get; set; }

        public List<string> VersionCommand { get; set; } = [];

        public List<string> Aliases { get; set; } = [];

        public string? Image { get; set; }

        public string? File { get; set; }

        public List<string>? Compile { get; set; }

        public List<string> Run { get; set; } = [];

        public List<string>? Check { get; set; }

        public EntryLimits Limits { get; set; } = new();

        public int? Pool { get; set; }

        public string? Example { get; set; }

        /// <summary>In the order of the file.</summary>
        public OrderedDictionary<string, string> MultiFile { get; set; } = [];
    }

    private sealed class EntryLimits
    {
        public double? CpuSeconds { get; set; }

        public double? WallSeconds { get; set; }

        public double? CompileSeconds { get; set; }

        public double? InteractiveSeconds { get; set; }

        public int? InteractiveOutputBytes { get; set; }

        public int? MemoryMegabytes { get; set; }

        public int? WorkMegabytes { get; set; }

        public int? Processes { get; set; }

        public int? OpenFiles { get; set; }

        public int? OutputBytes { get; set; }
    }
}
