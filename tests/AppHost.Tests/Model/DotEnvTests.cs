using Microsoft.Extensions.Configuration;

namespace Platform.AppHost.Tests.Model;

public sealed class DotEnvTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConfigurationManager _configuration = new();

    public void Dispose()
    {
        _configuration.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("NAME=value", "value")]
    [InlineData("  export NAME=value  ", "value")]
    [InlineData("NAME=\"two words\"", "two words")]
    [InlineData("NAME='$HOME `id`'", "$HOME `id`")]
    [InlineData("NAME=a=b#c", "a=b#c")]
    [InlineData("NAME=", "")]
    public void A_line_gives_a_name_and_a_value(string line, string value) =>
        DotEnv.Parse([line]).ShouldBe([KeyValuePair.Create("NAME", value)]);

    [Theory]
    [InlineData("# NAME=value")]
    [InlineData("")]
    [InlineData("2NAME=value")]
    [InlineData("NAME value")]
    public void Other_lines_give_nothing(string line) => DotEnv.Parse([line]).ShouldBeEmpty();

    [Fact]
    public void What_the_environment_says_wins()
    {
        _configuration["WEB_PORT"] = "9000";
        Load("WEB_PORT=8000\nAPI_PORT=8001\nJobs__Engine=postgres");

        _configuration["WEB_PORT"].ShouldBe("9000");
        _configuration["API_PORT"].ShouldBe("8001");
        _configuration["Jobs:Engine"].ShouldBe("postgres");
    }

    [Fact]
    public void Secrets_are_not_shared_with_every_project()
    {
        Load("BUILD_TIMEOUT=600000\nSMTP_PASS=a\nGITHUB_CLIENT_SECRET=b\nDATABASE_URL=c\nOPENAI_API_KEY=d\nJobs__Engine=postgres");

        DotEnv.SharedSettings(_configuration).Select(setting => setting.Key).ShouldBe(["BUILD_TIMEOUT", "Jobs__Engine"], ignoreOrder: true);
    }

    [Fact]
    public void A_missing_file_is_no_error()
    {
        DotEnv.Load(_directory["none"], _configuration);

        _configuration.AsEnumerable().ShouldBeEmpty();
    }

    private void Load(string text)
    {
        File.WriteAllText(_directory[".env"], text);
        DotEnv.Load(_directory[".env"], _configuration);
    }
}
