using Platform.Testing;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.ExecutionWorker.Tests.Languages;

/// <summary>What a language is tried with besides its own examples: <c>Programs/&lt;id&gt;.yaml</c>.</summary>
internal sealed class LanguageProgram
{
    public static string Folder { get; } = System.IO.Path.Combine(RepositoryPaths.Root, "tests/ExecutionWorker.Tests/Languages/Programs");

    /// <summary>What the examples read.</summary>
    public string Input { get; set; } = "Zoë 😀\n";

    /// <summary>What the examples print.</summary>
    public string Greeting { get; set; } = "Hello, Zoë 😀!";

    /// <summary>What the failing program prints before it fails.</summary>
    public string Before { get; set; } = "before";

    /// <summary>Prints, then fails.</summary>
    public string Fail { get; set; } = "";

    public int ExitCode { get; set; } = 7;

    /// <summary>What the compiler or the syntax check refuses; null where there is neither.</summary>
    public string? Broken { get; set; }

    public static LanguageProgram Of(string id)
    {
        var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        return deserializer.Deserialize<LanguageProgram>(File.ReadAllText(System.IO.Path.Combine(Folder, $"{id}.yaml")));
    }
}
