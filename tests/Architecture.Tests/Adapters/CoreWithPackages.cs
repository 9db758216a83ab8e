using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Architecture.Tests.Adapters;

/// <summary>
/// Core as the full package set compiles it, also where the packages cannot be had: in their place stand their signatures, which
/// <c>Packages/</c> holds as far as the adapters use them, each read from the source of the version in <c>Directory.Packages.props</c>.
/// </summary>
internal static class CoreWithPackages
{
    /// <summary>The folders that only the full set compiles; the same names as in <c>Directory.Build.targets</c>.</summary>
    public static readonly string[] Folders = ["Hangfire", "DockerDotNet", "Octokit", "MongoDb", "FullSet"];

    /// <summary>Where the packages' signatures are: one file per folder name.</summary>
    public const string Signatures = "tests/Architecture.Tests/Adapters/Packages";

    private static readonly string[] PackageNames = ["Hangfire", "Docker.DotNet", "Octokit", "MongoDB", "Platform."];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.Parse);

    private static readonly Lazy<CSharpCompilation> Lazy = new(Compile);

    public static CSharpCompilation Compilation => Lazy.Value;

    /// <summary>All files of the checkout that only the full set compiles.</summary>
    public static IReadOnlyList<string> FullSetFiles { get; } = [.. SourceTree.Files(".", "*.cs").Select(Normalize).Where(IsFullSet)];

    public static bool IsFullSet(string path) => path.Split('/').SkipLast(1).Any(Folders.Contains);

    public static bool HasSignatures(string folder) => File.Exists(SourceTree.PathOf(Signatures, $"{folder}.cs.txt"));

    public static SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(SourceTree.Read(path), Options, path);

    private static CSharpCompilation Compile()
    {
        var sources = SourceTree.Files("Core", "*.cs").Where(path => !path.Split('/').Contains("RestrictedSet")).Select(Parse);
        var packages = SourceTree.Files(Signatures, "*.cs.txt").Select(Parse);
        return CSharpCompilation.Create(
            "Platform.Core",
            [.. sources, .. packages, CSharpSyntaxTree.ParseText(ImplicitUsings, Options, "ImplicitUsings.cs")],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What this test process itself runs on: the shared frameworks and the packages that both sets have.</summary>
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !PackageNames.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && IsManaged(path))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static bool IsManaged(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static string Normalize(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;

    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}
