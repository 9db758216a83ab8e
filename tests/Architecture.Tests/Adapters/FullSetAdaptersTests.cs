using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Architecture.Tests.Adapters;

/// <summary>Adapters of packages that a restricted registry lacks cannot rot unseen: they are compiled here against the packages' signatures.</summary>
public sealed class FullSetAdaptersTests
{
    /// <summary>Partial methods that a source generator completes; none runs here.</summary>
    private const string NoImplementation = "CS8795";

    /// <summary>Each seam and the folder of its packaged adapter.</summary>
    public static TheoryData<string, string> Seams => new()
    {
        { "Platform.Core.Jobs.IJobQueue", "Core/Jobs/Hangfire/" },
        { "Platform.Core.Containers.IContainerEngine", "Core/Containers/DockerDotNet/" },
        { "Platform.Core.GitHub.IGitHubClient", "Core/GitHub/Octokit/" },
        { "Platform.Core.Documents.IDocumentStore", "Core/Documents/MongoDb/" },
    };

    [Fact]
    public void Every_file_of_the_full_set_parses()
    {
        CoreWithPackages.FullSetFiles.ShouldNotBeEmpty();
        CoreWithPackages.FullSetFiles.SelectMany(path => CoreWithPackages.Parse(path).GetDiagnostics())
            .Select(diagnostic => diagnostic.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void Core_compiles_against_the_packages_signatures()
    {
        var errors = CoreWithPackages.Compilation.SyntaxTrees.Where(tree => IsChecked(tree.FilePath))
            .SelectMany(tree => CoreWithPackages.Compilation.GetSemanticModel(tree).GetDiagnostics())
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != NoImplementation)
            .Select(diagnostic => diagnostic.ToString());
        errors.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seams))]
    public void Every_seam_has_a_packaged_adapter_with_every_member(string seam, string folder)
    {
        var contract = CoreWithPackages.Compilation.GetTypeByMetadataName(seam).ShouldNotBeNull();
        var adapters = ClassesIn(folder).Where(type => type.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default)).ToList();

        adapters.ShouldNotBeEmpty();
        foreach (var adapter in adapters)
        {
            var missing = contract.AllInterfaces.Append(contract).SelectMany(type => type.GetMembers())
                .Where(member => member.IsAbstract && adapter.FindImplementationForInterfaceMember(member) is null)
                .Select(member => $"{adapter.Name} lacks {member.ToDisplayString()}");
            missing.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_call_that_the_package_does_not_have_is_found()
    {
        var tree = CSharpSyntaxTree.ParseText(
            """
            namespace Wrong;
            internal static class Caller
            {
                public static object Call() => new global::Hangfire.PostgreSql.PostgreSqlStorageOptions { EnableLongPoling = true };
            }
            """,
            (CSharpParseOptions)CoreWithPackages.Compilation.SyntaxTrees[0].Options,
            "Wrong.cs");

        CoreWithPackages.Compilation.AddSyntaxTrees(tree).GetSemanticModel(tree).GetDiagnostics()
            .ShouldContain(diagnostic => diagnostic.Id == "CS0117");
    }

    /// <summary>The signatures, and the files of the full set whose package has some; the others are held to their seams only.</summary>
    private static bool IsChecked(string path) =>
        path.StartsWith(CoreWithPackages.Signatures, StringComparison.Ordinal)
        || path.Split('/').SkipLast(1).Any(folder => folder == "FullSet" || CoreWithPackages.HasSignatures(folder));

    private static IEnumerable<INamedTypeSymbol> ClassesIn(string folder) =>
        CoreWithPackages.Compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith(folder, StringComparison.Ordinal))
            .SelectMany(tree =>
            {
                var model = CoreWithPackages.Compilation.GetSemanticModel(tree);
                return tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
                    .Select(declaration => model.GetDeclaredSymbol(declaration)).OfType<INamedTypeSymbol>();
            })
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
}
