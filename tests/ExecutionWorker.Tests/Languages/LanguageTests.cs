using Platform.Core.Execution;
using Platform.ExecutionWorker.Tests.Contract;

namespace Platform.ExecutionWorker.Tests.Languages;

/// <summary>Every language of the catalogue; <c>./platform test languages</c>.</summary>
[Trait("Category", "Languages")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class LanguageTests(WorkerHarness worker)
{
    public static TheoryData<string> All => Those(_ => true);

    public static TheoryData<string> WithSeveralFiles => Those(language => language.MultiFile.Count > 0);

    public static TheoryData<string> Compiled => Those(language => language.Compile is not null);

    public static TheoryData<string> Checked => Those(language => language.Check is not null);

    public static TheoryData<string> OneOfEachImage =>
        [.. LanguageSmoke.Catalog.Languages.DistinctBy(language => language.Image).Select(language => language.Id)];

    [Theory, MemberData(nameof(All))]
    public Task The_tools_have_the_version_that_the_catalogue_tells(string id) => new LanguageSmoke(worker, id).TheToolsTellTheVersionAsync();

    [Theory, MemberData(nameof(All))]
    public Task The_example_greets_whoever_its_input_names(string id) => new LanguageSmoke(worker, id).TheExampleGreetsAsync();

    [Theory, MemberData(nameof(All))]
    public Task A_program_that_fails_has_printed_and_tells_its_code(string id) => new LanguageSmoke(worker, id).AFailureIsARuntimeErrorAsync();

    [Theory, MemberData(nameof(WithSeveralFiles))]
    public Task The_files_of_a_program_find_each_other(string id) => new LanguageSmoke(worker, id).FilesFindEachOtherAsync();

    [Theory, MemberData(nameof(Compiled))]
    public Task What_the_compiler_refuses_is_a_compile_error(string id) => new LanguageSmoke(worker, id).TheCompilerRefusesAsync();

    [Theory, MemberData(nameof(Checked))]
    public Task A_check_finds_errors_and_runs_nothing(string id) => new LanguageSmoke(worker, id).TheCheckTellsGoodFromBrokenAsync();

    [Theory, MemberData(nameof(OneOfEachImage))]
    public Task An_image_has_no_program_that_raises_rights(string id) => new LanguageSmoke(worker, id).NoProgramRaisesRightsAsync();

    private static TheoryData<string> Those(Func<Language, bool> which) =>
        [.. LanguageSmoke.Catalog.Languages.Where(which).Select(language => language.Id)];
}

/// <summary>The languages whose images every start builds, one of each kind; with every commit.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class HotLanguageTests(WorkerHarness worker)
{
    public static TheoryData<string> Hot => ["python", "javascript", "c", "java", "bash", "lisp"];

    [Theory, MemberData(nameof(Hot))]
    public async Task A_language_works(string id)
    {
        var language = LanguageSmoke.Catalog.Find(id)!;
        var smoke = new LanguageSmoke(worker, id);
        await smoke.TheToolsTellTheVersionAsync();
        await smoke.TheExampleGreetsAsync();
        await smoke.FilesFindEachOtherAsync();
        await smoke.AFailureIsARuntimeErrorAsync();
        if (language.Compile is not null) await smoke.TheCompilerRefusesAsync();
        if (language.Check is not null) await smoke.TheCheckTellsGoodFromBrokenAsync();
    }
}
