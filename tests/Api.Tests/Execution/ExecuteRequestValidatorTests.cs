using Microsoft.Extensions.Options;
using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

public sealed class ExecuteRequestValidatorTests
{
    private static readonly ExecuteRequestValidator Validator = new(
        LanguageCatalog.Load("languages.yaml"),
        Options.Create(new ExecutionOptions { MaxCodeBytes = 10, MaxStdinBytes = 5, MaxArgumentBytes = 20 }));

    private static readonly ExecuteRequest Good = new("python", "print(1)");

    public static TheoryData<string, string> Mistakes => new()
    {
        { "no language", "Language" },
        { "empty language", "Language" },
        { "unknown language", "Language" },
        { "no code", "Code" },
        { "empty code", "Code" },
        { "long code", "Code" },
        { "code of few but wide characters", "Code" },
        { "long input", "Stdin" },
        { "NUL in an argument", "Args" },
        { "null argument", "Args" },
        { "long arguments", "Args" },
        { "many arguments", "Args" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_by_its_field(string mistake, string field)
    {
        var result = Validator.Validate(Make(mistake));

        result.Errors.ShouldNotBeEmpty();
        result.Errors.ShouldAllBe(error => error.PropertyName == field);
    }

    [Fact]
    public void A_good_request_passes_by_id_and_by_alias()
    {
        Validator.Validate(Good with { Stdin = "12345", Args = ["", "ü", "0123456789"] }).IsValid.ShouldBeTrue();
        Validator.Validate(Good with { Language = "JS" }).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void An_unknown_language_is_answered_with_the_known_ones() =>
        Validator.Validate(Good with { Language = "cobol-74" }).Errors.ShouldHaveSingleItem().ErrorMessage.ShouldContain("python, javascript");

    private static ExecuteRequest Make(string mistake) => mistake switch
    {
        "no language" => Good with { Language = null },
        "empty language" => Good with { Language = "" },
        "unknown language" => Good with { Language = "cobol-74" },
        "no code" => Good with { Code = null },
        "empty code" => Good with { Code = "" },
        "long code" => Good with { Code = new string('x', 11) },
        "code of few but wide characters" => Good with { Code = "😀😀😀" },
        "long input" => Good with { Stdin = "123456" },
        "NUL in an argument" => Good with { Args = ["a\0b"] },
        "null argument" => Good with { Args = [null!] },
        "long arguments" => Good with { Args = [new string('x', 20)] },
        "many arguments" => Good with { Args = [.. Enumerable.Repeat("", 257)] },
        _ => throw new ArgumentOutOfRangeException(nameof(mistake), mistake, "There is no such mistake."),
    };
}
