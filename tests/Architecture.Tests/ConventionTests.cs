using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

public sealed partial class ConventionTests
{
    private static readonly string[] Projects = ["AppHost", "AppHost.Local", "ServiceDefaults", "Core", "Api", "BuildWorker", "ExecutionWorker", "Web"];

    /// <summary>npm, pnpm and yarn are called that by everybody.</summary>
    private static readonly string[] TermsOfTheField = ["PackageManager"];

    /// <summary>The rule of thumb is 300; this is where it becomes an error.</summary>
    private const int MostLines = 400;

    public static TheoryData<string> Processes => ["Api", "BuildWorker", "ExecutionWorker", "Web"];

    [Theory, MemberData(nameof(Processes))]
    public void Classes_of_a_process_are_internal_and_sealed(string project)
    {
        var open =
            from type in Assembly.Load($"Platform.{project}").GetTypes()
            where type.IsClass && type.Name != "Program" && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            where type.Namespace?.StartsWith("Platform.", StringComparison.Ordinal) == true && !type.IsNested
            where type.IsPublic || !(type.IsSealed || type.IsAbstract)
            select type.FullName;

        open.ShouldBeEmpty();
    }

    [Fact]
    public void No_class_has_a_name_that_says_nothing()
    {
        var vague =
            from file in Sources()
            from Match match in VagueName().Matches(SourceTree.Read(file))
            where !TermsOfTheField.Contains(match.Groups["name"].Value)
            select $"{file}: {match.Value}";

        vague.ShouldBeEmpty();
    }

    [Fact]
    public void Sources_are_short_enough_to_know_ones_way_in()
    {
        var tooLong = Sources().Select(file => (file, lines: SourceTree.Read(file).Count(c => c == '\n'))).Where(f => f.lines > MostLines);

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Sources_are_the_same_in_both_package_sets()
    {
        Sources().Where(file => SourceTree.Read(file).Contains("\n#if", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_project_file_names_the_package_set_at_most_in_one_line_of_packages_and_one_of_projects()
    {
        // The app host imports Aspire's SDK on the set as well, which MSBuild allows nowhere else.
        var offenders =
            from file in SourceTree.Files(".", "*.csproj")
            where file != "AppHost/AppHost.csproj"
            let lines = SourceTree.Read(file).Split('\n').Count(line => line.Contains("$(PackageSet)", StringComparison.Ordinal))
            where lines > 1
            select $"{file}: {lines}";

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var left =
            from file in Sources()
            from Match match in LeftForLater().Matches(SourceTree.Read(file))
            select $"{file}: {match.Value}";

        left.ShouldBeEmpty();
    }

    [Theory, InlineData("AppHost/AppHost.cs", 60), InlineData("Api/Program.cs", 40), InlineData("BuildWorker/Program.cs", 40),
     InlineData("ExecutionWorker/Program.cs", 40), InlineData("Web/Program.cs", 40)]
    public void Composition_roots_fit_on_a_screen(string file, int most)
    {
        SourceTree.Read(file).Count(c => c == '\n').ShouldBeLessThanOrEqualTo(most);
    }

    private static IEnumerable<string> Sources() => Projects.SelectMany(project => SourceTree.Files(project, "*.cs"));

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) (?<name>\w*(Helper|Helpers|Manager|Util|Utils|Utility))\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LeftForLater();
}
