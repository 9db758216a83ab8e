using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Tests.Languages;

public sealed class LanguageCatalogTests
{
    private const string One = """
        defaults:
          limits: { cpuSeconds: 7, memoryMegabytes: 100 }
          pool: 1
        languages:
          - id: tiny
            name: Tiny
            version: 1.0.0
            aliases: [t]
            image: sandbox-tiny
            file: main.t
            compile: [tc, "{file}"]
            run: [./prog, "{file}.out"]
            limits: { cpuSeconds: 9 }
            example: hello
        """;

    [Fact]
    public void The_platforms_own_catalogue_has_the_languages_of_the_warm_pools()
    {
        var catalog = LanguageCatalog.Load("languages.yaml");

        catalog.Find("python")!.Pool.ShouldBeGreaterThan(0);
        catalog.Find("js").ShouldBe(catalog.Find("javascript"));
        catalog.Languages.ShouldAllBe(language => language.Example.Length > 0 && language.Limits.WorkMegabytes < language.Limits.MemoryMegabytes);
    }

    [Fact]
    public void A_language_is_found_by_id_and_alias_in_any_case()
    {
        var catalog = LanguageCatalog.Parse(One);

        catalog.Find("TINY").ShouldNotBeNull().ShouldBe(catalog.Find("t"));
        catalog.Find("other").ShouldBeNull();
    }

    [Fact]
    public void Limits_come_from_the_entry_then_the_defaults_then_the_platform()
    {
        var language = LanguageCatalog.Parse(One).Find("tiny")!;

        language.Limits.CpuSeconds.ShouldBe(9);
        language.Limits.MemoryMegabytes.ShouldBe(100);
        language.Limits.OpenFiles.ShouldBe(new LanguageLimits().OpenFiles);
        language.Pool.ShouldBe(1);
        language.Image.ShouldBe("autostack/sandbox-tiny:latest");
    }

    [Fact]
    public void The_files_name_stands_wherever_the_command_asks_for_it() =>
        Language.Fill(LanguageCatalog.Parse(One).Find("tiny")!.Run, "a.t").ShouldBe(["./prog", "a.t.out"]);

    [Fact]
    public void A_compiler_gets_all_files_of_the_main_files_kind_and_the_main_file_last()
    {
        var filled = Language.Fill(["cc", "{sources}", "-o", "{name}.out", "{sources}x"], "main.t", "lib/b.t", "b.h", "a.t", "Makefile");

        filled.ShouldBe(["cc", "lib/b.t", "a.t", "main.t", "-o", "main.out", "{sources}x"]);
    }

    [Theory]
    [InlineData("main", "main|main")]
    [InlineData("src/v1.2/main.t", "src/v1.2/main.t|src/v1.2/main")]
    [InlineData("src.d/main", "src.d/main|src.d/main")]
    [InlineData("-o.t", "./-o.t|./-o")]
    public void A_files_name_may_be_unusual(string file, string expected) =>
        string.Join('|', Language.Fill(["{file}", "{name}"], file)).ShouldBe(expected);

    [Fact]
    public void A_file_is_never_taken_for_an_option() =>
        Language.Fill(["cc", "{sources}"], "-x.t", "-y.t", "sub/-z.t").ShouldBe(["cc", "./-y.t", "sub/-z.t", "./-x.t"]);

    [Fact]
    public void The_files_of_an_example_keep_their_order()
    {
        var several = One + "\n    multiFile:\n      main.t: first\n      a.t: second\n      0.t: third\n    versionCommand: [tc, -v]\n";

        var language = LanguageCatalog.Parse(several).Find("tiny")!;

        language.MultiFile.ShouldBe([new LanguageFile("main.t", "first"), new LanguageFile("a.t", "second"), new LanguageFile("0.t", "third")]);
        language.VersionCommand.ShouldBe(["tc", "-v"]);
    }

    [Theory]
    [InlineData("aliases: [t]", "aliases: [t, TINY]", "Two languages are called 'TINY'.")]
    [InlineData("    run: [./prog, \"{file}.out\"]", "", "Language 'tiny' has no command to run.")]
    [InlineData("version: 1.0.0", "version: ''", "Language 'tiny' has no version.")]
    public void A_mistake_names_the_entry(string given, string instead, string message) =>
        Should.Throw<InvalidDataException>(() => LanguageCatalog.Parse(One.Replace(given, instead, StringComparison.Ordinal))).Message.ShouldBe(message);
}
