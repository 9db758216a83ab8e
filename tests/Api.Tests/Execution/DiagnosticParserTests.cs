using Platform.Api.Execution.Checking;

namespace Platform.Api.Tests.Execution;

public sealed class DiagnosticParserTests
{
    [Theory]
    [InlineData("main.c:3:5: error: expected ';' before 'return'", "main.c", 3, 5, DiagnosticSeverity.Error, "expected ';' before 'return'", null)]
    [InlineData("/box/src/main.cpp:10:1: warning: unused variable 'x' [-Wunused]", "src/main.cpp", 10, 1, DiagnosticSeverity.Warning, "unused variable 'x' [-Wunused]", null)]
    [InlineData("main.c:1:10: fatal error: nothing.h: No such file or directory", "main.c", 1, 10, DiagnosticSeverity.Error, "nothing.h: No such file or directory", null)]
    [InlineData("\u001b[1mmain.c:3:5: \u001b[31merror: \u001b[0mbad", "main.c", 3, 5, DiagnosticSeverity.Error, "bad", null)]
    [InlineData("# command-line-arguments\n./main.go:4:2: undefined: x", "main.go", 4, 2, DiagnosticSeverity.Error, "undefined: x", null)]
    [InlineData("main.java:3: error: ';' expected\n        int x = 1\n                 ^\n1 error", "main.java", 3, 18, DiagnosticSeverity.Error, "';' expected", null)]
    [InlineData("main.ts(2,7): error TS2322: Type 'string' is not assignable to type 'number'.", "main.ts", 2, 7, DiagnosticSeverity.Error, "Type 'string' is not assignable to type 'number'.", "TS2322")]
    [InlineData("main.pas(3,1) Fatal: Syntax error, \";\" expected", "main.pas", 3, 1, DiagnosticSeverity.Error, "Syntax error, \";\" expected", null)]
    [InlineData("error[E0308]: mismatched types\n --> main.rs:2:18\n  |\n", "main.rs", 2, 18, DiagnosticSeverity.Error, "mismatched types", "E0308")]
    [InlineData("PHP Parse error:  syntax error, unexpected end of file in main.php on line 4", "main.php", 4, null, DiagnosticSeverity.Error, "PHP Parse error:  syntax error, unexpected end of file", null)]
    [InlineData("syntax error at main.pl line 2, near \"}\"", "main.pl", 2, null, DiagnosticSeverity.Error, "syntax error", null)]
    [InlineData("main.sh: line 3: syntax error near unexpected token `fi'", "main.sh", 3, null, DiagnosticSeverity.Error, "syntax error near unexpected token `fi'", null)]
    [InlineData("luac5.4: main.lua:1: '=' expected near 'b'", "main.lua", 1, null, DiagnosticSeverity.Error, "'=' expected near 'b'", null)]
    [InlineData("main.rb:2: syntax error, unexpected end-of-input", "main.rb", 2, null, DiagnosticSeverity.Error, "syntax error, unexpected end-of-input", null)]
    [InlineData("main.hs:1:19: error:\n    parse error (possibly incorrect indentation or mismatched brackets)\n  |\n1 | main = putStrLn (1\n  |                   ^", "main.hs", 1, 19, DiagnosticSeverity.Error, "parse error (possibly incorrect indentation or mismatched brackets)", null)]
    [InlineData("main.hs:2:5: error:\n    • Couldn't match type ‘Int’\n                     with ‘Char’\n    • In the first argument", "main.hs", 2, 5, DiagnosticSeverity.Error, "Couldn't match type ‘Int’ with ‘Char’", null)]
    [InlineData("main.hs:1:1: warning: [-Wtabs]\n    Tab character found here.", "main.hs", 1, 1, DiagnosticSeverity.Warning, "Tab character found here.", "-Wtabs")]
    [InlineData("nobody knows this format", null, null, null, DiagnosticSeverity.Error, "nobody knows this format", null)]
    public void Tools_say_where_it_is(string output, string? file, int? line, int? column, object severity, string message, string? code) =>
        DiagnosticParser.Parse(output, failed: severity is DiagnosticSeverity.Error).ShouldHaveSingleItem()
            .ShouldBe(new DiagnosticResponse(file, line, column, (DiagnosticSeverity)severity, message, code));

    [Fact]
    public void Python_names_the_place_before_the_error()
    {
        const string output = """
            Traceback (most recent call last):
              File "<string>", line 1, in <module>
              File "/usr/lib/python3.11/ast.py", line 50, in parse
                return compile(source, filename, mode, flags,
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              File "main.py", line 2
                print('a'
                     ^
            SyntaxError: '(' was never closed
            """;

        DiagnosticParser.Parse(output, failed: true).ShouldHaveSingleItem()
            .ShouldBe(new DiagnosticResponse("main.py", 2, 6, DiagnosticSeverity.Error, "'(' was never closed", "SyntaxError"));
    }

    [Fact]
    public void Node_names_the_place_before_the_error()
    {
        const string output = "/box/main.js:2\nlet x = ;\n        ^\n\nSyntaxError: Unexpected token ';'\n    at wrapSafe (node:internal/modules/cjs/loader:1378:20)\n\nNode.js v22.1.0";

        DiagnosticParser.Parse(output, failed: true).ShouldHaveSingleItem()
            .ShouldBe(new DiagnosticResponse("main.js", 2, 9, DiagnosticSeverity.Error, "Unexpected token ';'", "SyntaxError"));
    }

    [Fact]
    public void Warnings_alone_are_no_errors_and_floods_are_cut()
    {
        DiagnosticParser.Parse("main.c:1:1: warning: w", failed: false).ShouldHaveSingleItem().Severity.ShouldBe(DiagnosticSeverity.Warning);
        DiagnosticParser.Parse("", failed: false).ShouldBeEmpty();
        DiagnosticParser.Parse(string.Concat(Enumerable.Repeat("main.c:1:1: error: e\n", 5000)), failed: true).Count.ShouldBe(200);
    }
}
