using System.Text;
using System.Text.RegularExpressions;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Languages;

/// <summary>The catalogue, the images, the programs of the tests and the documentation tell the same.</summary>
public sealed partial class LanguageFilesTests
{
    private const string Begin = "<!-- languages -->\n";
    private const string End = "<!-- end of the languages -->";

    private static readonly LanguageCatalog Catalog = LanguageSmoke.Catalog;
    private static readonly string Document = System.IO.Path.Combine(RepositoryPaths.Root, "docs/languages.md");

    [Fact]
    public void There_are_more_than_forty_languages() => Catalog.Languages.Count.ShouldBeGreaterThan(40);

    [Fact]
    public void Every_language_has_an_image_and_programs_that_try_it()
    {
        Catalog.Languages.ShouldAllBe(language => File.Exists(Dockerfile(ImageOf(language))));

        var programs = Directory.GetFiles(LanguageProgram.Folder).Select(System.IO.Path.GetFileNameWithoutExtension);
        programs.ShouldBe(Catalog.Languages.Select(language => language.Id), ignoreOrder: true);
    }

    [Fact]
    public void A_version_is_three_numbers_and_can_be_asked_for()
    {
        Catalog.Languages.ShouldAllBe(language => ThreeNumbers().IsMatch(language.Version));
        Catalog.Languages.ShouldAllBe(language => language.VersionCommand.Count > 0);
    }

    [Fact]
    public void The_main_file_of_an_example_is_the_one_that_runs() =>
        Catalog.Languages.Where(language => language.MultiFile.Count > 0).ShouldAllBe(language => language.MultiFile[0].Path == language.File);

    [Fact]
    public void Whatever_can_be_refused_is_tried_with_something_broken()
    {
        var untried = Catalog.Languages
            .Where(language => (language.Compile ?? language.Check) is not null)
            .Where(language => LanguageProgram.Of(language.Id).Broken is null);

        untried.ShouldBeEmpty();
    }

    [Fact]
    public void Every_start_builds_the_images_of_the_pools_and_of_the_tests_of_every_commit()
    {
        var script = File.ReadAllText(System.IO.Path.Combine(RepositoryPaths.Root, "eng/platform/images.sh"));
        var hot = HotImages().Match(script).Groups["images"].Value.Split(' ');
        var tested = HotLanguageTests.Hot.Select((object[] row) => Catalog.Find((string)row[0])!);

        tested.Concat(Catalog.Languages.Where(language => language.Pool > 0)).Select(ImageOf).Distinct().ShouldBeSubsetOf(hot);
    }

    /// <summary><c>UPDATE_SNAPSHOTS=1</c> rewrites the table.</summary>
    [Fact]
    public async Task The_documentation_lists_the_languages()
    {
        var text = await File.ReadAllTextAsync(Document);
        var (before, after) = (text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)], text[text.IndexOf(End, StringComparison.Ordinal)..]);
        var expected = $"{before}{Table()}{after}";

        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(Document, expected);
        (await File.ReadAllTextAsync(Document)).ShouldBe(expected, "Run this test with UPDATE_SNAPSHOTS=1.");
    }

    private static string Table()
    {
        var table = new StringBuilder("| id | language | version | other names | file | compiled | check | memory | image |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var language in Catalog.Languages)
        {
            table.Append(string.Join(
                " | ",
                $"| `{language.Id}`", language.Name, language.Version, string.Join(", ", language.Aliases), $"`{language.File}`",
                language.Compile is null ? "" : "yes", language.Check is not null ? "own" : language.Compile is not null ? "compiler" : "",
                $"{language.Limits.MemoryMegabytes} MB", $"{ImageOf(language)} |\n"));
        }

        return table.ToString();
    }

    private static string ImageOf(Language language) => language.Image["autostack/".Length..^":latest".Length];

    private static string Dockerfile(string image) => System.IO.Path.Combine(RepositoryPaths.Root, "images", image, "Dockerfile");

    [GeneratedRegex(@"^\d+\.\d+\.\d+$", RegexOptions.NonBacktracking)]
    private static partial Regex ThreeNumbers();

    [GeneratedRegex(@"^HOT_IMAGES=\((?<images>[^)]+)\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HotImages();
}
