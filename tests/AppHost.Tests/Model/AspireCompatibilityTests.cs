using System.Reflection;
using Aspire.Hosting;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.AppHost.Tests.Model;

/// <summary>The app model is compiled against Aspire in the full set only; here it is held against Aspire's signatures.</summary>
public sealed class AspireCompatibilityTests
{
    private static readonly string[] Sources = ["AppHost.cs", "PlatformSettings.cs", "DotEnv.cs"];

    // The app host's own extension methods, and members of the framework's types, which both sets have.
    private static readonly string[] Own =
    [
        "AddPlatformSettings", "FindConfiguredStore", "GetPort", "GetReplicas", "WithPlatformSettings", "GetNumber", "Load", "ToConnectionString",
        "SharedSettings", "Parse", "Assignment",
    ];

    public static TheoryData<string> Signatures => [.. AspireSignatures.Lines];

    [Theory]
    [MemberData(nameof(Signatures))]
    public void The_local_app_host_has_the_member_with_Aspires_signature(string signature) =>
        PublicMembers().Select(SignatureFormat.Of).ShouldContain(signature);

    [Fact]
    public void The_local_app_host_offers_no_hosting_method_that_Aspire_does_not_have() =>
        PublicMembers()
            .OfType<MethodInfo>()
            .Where(method => method.DeclaringType!.Name.EndsWith("BuilderExtensions", StringComparison.Ordinal) && method.Name != "GetEndpoint")
            .Select(SignatureFormat.Of)
            .Except(AspireSignatures.Lines)
            .ShouldBeEmpty();

    [Fact]
    public void The_app_model_calls_only_members_that_were_checked()
    {
        var known = AspireSignatures.Lines.Select(AspireSignatures.NameOf).Concat(Own).ToHashSet();
        var calls = Roots("AppHost.cs")
            .SelectMany(root => root.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(call => call.Expression is MemberAccessExpressionSyntax access ? access.Name.Identifier.Text : call.Expression.ToString())
            .Distinct();

        calls.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_settings_use_of_the_app_model_was_checked()
    {
        // Everything the two files name that is a member of the local app host must be in the table.
        var offered = PublicMembers().Select(member => member.Name).Where(name => !name.StartsWith('.')).ToHashSet();
        var known = AspireSignatures.Lines.Select(AspireSignatures.NameOf).Append("Name").ToHashSet();
        var used = Roots(Sources)
            .SelectMany(root => root.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
            .Where(access => access.Expression is IdentifierNameSyntax { Identifier.Text: "builder" or "application" or "project" } or MemberAccessExpressionSyntax or InvocationExpressionSyntax)
            .Select(access => access.Name.Identifier.Text)
            .Distinct();

        used.Where(name => offered.Contains(name) && !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void The_app_model_fits_on_a_screen_and_has_no_conditions_on_the_package_set()
    {
        var text = Source("AppHost.cs");

        text.Split('\n').Length.ShouldBeLessThan(60);
        text.ShouldNotContain("#if");
        SyntaxFactory.ParseCompilationUnit(text).ContainsDiagnostics.ShouldBeFalse();
    }

    private static IEnumerable<MemberInfo> PublicMembers() => typeof(DistributedApplication).Assembly
        .GetExportedTypes()
        .Where(type => type.Namespace!.StartsWith("Aspire.Hosting", StringComparison.Ordinal))
        .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));

    private static IEnumerable<CompilationUnitSyntax> Roots(params string[] files) =>
        files.Select(file => SyntaxFactory.ParseCompilationUnit(Source(file)));

    private static string Source(string file)
    {
        using var reader = new StreamReader(typeof(AspireCompatibilityTests).Assembly.GetManifestResourceStream($"source/{file}")!);
        return reader.ReadToEnd();
    }
}
