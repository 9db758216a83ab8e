using Microsoft.Extensions.Configuration;
using Platform.ServiceDefaults.Configuration;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class EnvironmentAliasesTests
{
    [Theory]
    [InlineData("DATABASE_URL", "postgresql://user:p%40ss@db.example:5433/autostack?sslmode=require", "ConnectionStrings:platform", "Host=db.example;Port=5433;Database=autostack;Username=user;Password=p@ss;SSL Mode=Require")]
    [InlineData("DATABASE_URL", "postgres://user@db/autostack", "ConnectionStrings:platform", "Host=db;Port=5432;Database=autostack;Username=user")]
    [InlineData("DATABASE_URL", "Host=db;Database=x", "ConnectionStrings:platform", "Host=db;Database=x")]
    [InlineData("REDIS_URL", "redis://localhost:6379", "ConnectionStrings:redis", "localhost:6379")]
    [InlineData("REDIS_URL", "rediss://:secret@cache:6380/2", "ConnectionStrings:redis", "cache:6380,password=secret,defaultDatabase=2,ssl=true")]
    [InlineData("MONGODB_URI", "mongodb://localhost:27017/codeplatform", "ConnectionStrings:documents", "mongodb://localhost:27017/codeplatform")]
    [InlineData("JWT_SECRET", "your-secret-key", "Auth:JwtSecret", "your-secret-key")]
    [InlineData("JWT_EXPIRES_IN", "7d", "Auth:AccessTokenLifetime", "7.00:00:00")]
    [InlineData("JWT_EXPIRES_IN", "900", "Auth:AccessTokenLifetime", "00:15:00")]
    [InlineData("REFRESH_TOKEN_EXPIRES_IN", "30d", "Auth:RefreshTokenLifetime", "30.00:00:00")]
    [InlineData("BUILD_TIMEOUT", "600000", "Build:Timeout", "00:10:00")]
    [InlineData("MAX_BUILD_SIZE", "500", "Build:MaxOutputBytes", "524288000")]
    [InlineData("SMTP_PASS", "x", "Smtp:Password", "x")]
    [InlineData("FRONTEND_URL", "https://autostack.app", "PublicUrls:Frontend", "https://autostack.app")]
    [InlineData("OPENAI_API_KEY", "sk", "OpenAi:ApiKey", "sk")]
    public void A_documented_name_sets_its_key(string name, string value, string key, string expected) =>
        EnvironmentAliases.Translate(Configuration((name, value)))[key].ShouldBe(expected);

    [Theory]
    [InlineData("DATABASE_URL", "mysql://user:hunter2@db/x")]
    [InlineData("REDIS_URL", "http://hunter2")]
    [InlineData("JWT_EXPIRES_IN", "hunter2")]
    [InlineData("JWT_EXPIRES_IN", "5y")]
    [InlineData("BUILD_TIMEOUT", "hunter2")]
    [InlineData("MAX_BUILD_SIZE", "9223372036854775807")]
    public void What_cannot_be_read_names_the_variable_and_not_the_value(string name, string value)
    {
        var message = Should.Throw<InvalidOperationException>(() => EnvironmentAliases.Translate(Configuration((name, value)))).ToString();
        message.ShouldContain(name);
        message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    [InlineData("30s", 30)]
    [InlineData("1w", 604800)]
    [InlineData("42", 42)]
    public void Durations_are_read_as_people_write_them(string text, int seconds) =>
        EnvironmentAliases.ParseDuration(text).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-5m")]
    [InlineData("5 months")]
    public void Other_text_is_no_duration(string text) => Should.Throw<FormatException>(() => EnvironmentAliases.ParseDuration(text));

    [Fact]
    public void Nothing_is_set_when_nothing_is_said() => EnvironmentAliases.Translate(Configuration()).ShouldBeEmpty();

    private static IConfiguration Configuration(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(entry => KeyValuePair.Create(entry.Name, (string?)entry.Value))).Build();
}
