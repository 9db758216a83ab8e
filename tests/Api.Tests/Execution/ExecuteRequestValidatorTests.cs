using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NSubstitute;
using Platform.Api.Execution;
using Platform.Api.Execution.Callbacks;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

public sealed class ExecuteRequestValidatorTests
{
    private static readonly LanguageLimits Most = LanguageCatalog.Load("languages.yaml").Find("python")!.Limits;

    private static readonly ExecuteRequestValidator Validator = new(
        LanguageCatalog.Load("languages.yaml"),
        Options.Create(new ExecutionOptions { MaxCodeBytes = 10, MaxStdinBytes = 5, MaxArgumentBytes = 20, MaxFiles = 3, MaxTests = 2, MaxTestBytes = 8 }),
        Callbacks(allowPrivate: false));

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
        { "long input by its other name", "Input" },
        { "input by both names", "Input" },
        { "NUL in an argument", "Args" },
        { "null argument", "Args" },
        { "long arguments", "Args" },
        { "many arguments", "Args" },
        { "code and files", "Files" },
        { "no files", "Files" },
        { "too many files", "Files" },
        { "long files", "Files" },
        { "file without content", "files[0]" },
        { "two files of one name", "Files" },
        { "a file that is a folder", "Files" },
        { "second file without a name", "files[1].name" },
        { "name with ..", "files[0].name" },
        { "name that climbs out", "files[0].name" },
        { "absolute name", "files[0].name" },
        { "empty name", "files[0].name" },
        { "NUL in a name", "files[0].name" },
        { "backslash in a name", "files[0].name" },
        { "long name", "files[0].name" },
        { "deep name", "files[0].name" },
        { "name with an empty folder", "files[0].name" },
        { "name like an option", "files[0].name" },
        { "name with half a character", "files[0].name" },
        { "bad base64", "files[0].content" },
        { "bad hex", "files[0].content" },
        { "bad input", "Stdin" },
        { "variable with =", "Env" },
        { "NUL in a variable", "Env" },
        { "long variable", "Env" },
        { "limit above the language's", "limits.memoryMegabytes" },
        { "limit of nothing", "limits.cpuSeconds" },
        { "limit that is no number", "limits.wallSeconds" },
        { "no tests", "Tests" },
        { "too many tests", "Tests" },
        { "long tests", "Tests" },
        { "bad input of a test", "tests[1].stdin" },
        { "negative tolerance", "tests[0].tolerance" },
        { "limit of a test above the language's", "tests[0].cpuSeconds" },
        { "callback without async", "callback" },
        { "callback to this machine", "callback.url" },
        { "callback to a private address", "callback.url" },
        { "callback to a hidden private address", "callback.url" },
        { "callback to a file", "callback.url" },
        { "callback with a password", "callback.url" },
        { "short secret", "callback.secret" },
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
    public void What_fits_alone_but_not_into_one_command_is_refused_before_anything_starts()
    {
        var validator = new ExecuteRequestValidator(LanguageCatalog.Load("languages.yaml"), Options.Create(new ExecutionOptions()), Callbacks(allowPrivate: false));
        var most = new ExecutionOptions().MaxArgumentBytes;
        IReadOnlyList<string> args = [new string('x', most - 1)];
        var env = new Dictionary<string, string> { ["A"] = new('y', most - 10) };
        var names = Enumerable.Range(0, 200).Select(index => File($"{index:000}{new string('n', 250)}")).ToList();

        validator.Validate(Good with { Args = args }).IsValid.ShouldBeTrue();
        validator.Validate(Good with { Env = env }).IsValid.ShouldBeTrue();
        validator.Validate(Good with { Args = args, Env = env }).Errors.ShouldHaveSingleItem().PropertyName.ShouldBe("args");
        validator.Validate(Good with { Env = env, Tests = [new(), new(Args: args)] }).Errors.ShouldHaveSingleItem().PropertyName.ShouldBe("tests[1].args");
        validator.Validate(Good with { Code = null, Files = names, Args = args, Env = new Dictionary<string, string> { ["A"] = new('y', most / 2) } })
            .Errors.ShouldHaveSingleItem().PropertyName.ShouldBe("args");
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
        "long input by its other name" => Good with { Input = "123456" },
        "input by both names" => Good with { Stdin = "1", Input = "2" },
        "NUL in an argument" => Good with { Args = ["a\0b"] },
        "null argument" => Good with { Args = [null!] },
        "long arguments" => Good with { Args = [new string('x', 20)] },
        "many arguments" => Good with { Args = [.. Enumerable.Repeat("", 257)] },
        "code and files" => Good with { Files = [File("a")] },
        "no files" => OfFiles(),
        "too many files" => OfFiles(File("a"), File("b"), File("c"), File("d")),
        "long files" => OfFiles(File("a", "123456"), File("b", "12345")),
        "file without content" => OfFiles(new ExecuteFileRequest("a", null)),
        "two files of one name" => OfFiles(File("a"), File("a")),
        "a file that is a folder" => OfFiles(File("a/b/c"), File("a/b")),
        "second file without a name" => OfFiles(File("a"), new ExecuteFileRequest(null, "x")),
        "name with .." => OfFiles(File("..")),
        "name that climbs out" => OfFiles(File("a/../../x")),
        "absolute name" => OfFiles(File("/etc/passwd")),
        "empty name" => OfFiles(File("")),
        "NUL in a name" => OfFiles(File("a\0b")),
        "backslash in a name" => OfFiles(File("a\\b")),
        "long name" => OfFiles(File(new string('ä', 128))),
        "deep name" => OfFiles(File(string.Join('/', Enumerable.Repeat("a", 17)))),
        "name with an empty folder" => OfFiles(File("a//b")),
        "name like an option" => OfFiles(File("-o")),
        "name with half a character" => OfFiles(File("a\ud83d")),
        "bad base64" => OfFiles(new ExecuteFileRequest("a", "???", ContentEncoding.Base64)),
        "bad hex" => OfFiles(new ExecuteFileRequest("a", "abc", ContentEncoding.Hex)),
        "bad input" => Good with { Stdin = "zz", StdinEncoding = ContentEncoding.Hex },
        "variable with =" => Good with { Env = new Dictionary<string, string> { ["A=B"] = "" } },
        "NUL in a variable" => Good with { Env = new Dictionary<string, string> { ["A"] = "\0" } },
        "long variable" => Good with { Env = new Dictionary<string, string> { ["A"] = new('x', 18) } },
        "limit above the language's" => Good with { Limits = new ExecuteLimitsRequest(MemoryMegabytes: Most.MemoryMegabytes + 1) },
        "limit of nothing" => Good with { Limits = new ExecuteLimitsRequest(CpuSeconds: 0) },
        "limit that is no number" => Good with { Limits = new ExecuteLimitsRequest(WallSeconds: double.NaN) },
        "no tests" => Good with { Tests = [] },
        "too many tests" => Good with { Tests = [new(), new(), new()] },
        "long tests" => Good with { Tests = [new(Stdin: "12345"), new(Expected: "1234")] },
        "bad input of a test" => Good with { Tests = [new(), new(Stdin: "?", Encoding: ContentEncoding.Base64)] },
        "negative tolerance" => Good with { Tests = [new(Tolerance: new FloatToleranceRequest(Absolute: -1))] },
        "limit of a test above the language's" => Good with { Tests = [new(CpuSeconds: Most.CpuSeconds + 1)] },
        "callback without async" => Good with { Callback = Callback("https://example.com/") },
        "callback to this machine" => OfCallback("http://localhost:5432/"),
        "callback to a private address" => OfCallback("http://169.254.169.254/latest"),
        "callback to a hidden private address" => OfCallback("http://[::ffff:10.0.0.1]/"),
        "callback to a file" => OfCallback("file:///etc/passwd"),
        "callback with a password" => OfCallback("https://a:b@example.com/"),
        "short secret" => Good with { Mode = ExecuteMode.Async, Callback = new ExecuteCallbackRequest("https://example.com/", "short") },
        _ => throw new ArgumentOutOfRangeException(nameof(mistake), mistake, "There is no such mistake."),
    };

    [Fact]
    public void A_rich_request_passes()
    {
        var request = new ExecuteRequest(
            "python",
            Files: [new ExecuteFileRequest(null, "cHJpbnQ=", ContentEncoding.Base64), File("lib/a.py", "x")],
            StdinEncoding: ContentEncoding.Hex,
            Stdin: "00ff",
            Env: new Dictionary<string, string> { ["_A1"] = "ü" },
            Limits: new ExecuteLimitsRequest(CpuSeconds: Most.CpuSeconds, MemoryMegabytes: 16),
            Tests: [new("one", "1", "1"), new(Args: ["2"], Checker: OutputChecker.Float)],
            Mode: ExecuteMode.Async,
            Callback: Callback("https://example.com/hook?a=b"));

        Validator.Validate(request).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Where_private_hosts_are_allowed_they_may_be_called()
    {
        Callbacks(allowPrivate: true).Refuse("http://127.0.0.1:9/").ShouldBeNull();
        Callbacks(allowPrivate: false).Refuse("http://93.184.215.14/").ShouldBeNull();
        Callbacks(allowPrivate: false).Refuse("http://0x7f.1/").ShouldNotBeNull();
    }

    private static ExecuteFileRequest File(string name, string content = "x") => new(name, content);

    private static ExecuteRequest OfFiles(params ExecuteFileRequest[] files) => new("python", Files: files);

    private static ExecuteCallbackRequest Callback(string url) => new(url, "0123456789abcdef");

    private static ExecuteRequest OfCallback(string url) => Good with { Mode = ExecuteMode.Async, Callback = Callback(url) };

    private static CallbackAddresses Callbacks(bool allowPrivate)
    {
        var environment = Substitute.For<IHostEnvironment>();
        environment.EnvironmentName.Returns("Production");
        return new CallbackAddresses(Options.Create(new CallbackOptions { AllowPrivateHosts = allowPrivate }), environment);
    }
}
