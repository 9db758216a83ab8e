using System.Collections;
using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Tests.Processes;

public sealed class ChildEnvironmentTests
{
    [Theory]
    [InlineData("PATH", true)]
    [InlineData("BUILD_TIMEOUT", true)]
    [InlineData("JWT_EXPIRES_IN", true)]
    [InlineData("PLATFORM_CA_BUNDLE", true)]
    [InlineData("DOCKER_HOST", true)]
    [InlineData("HTTPS_PROXY", true)]
    [InlineData("DOTNET_ROOT", true)]
    [InlineData("ConnectionStrings__platform", false)]
    [InlineData("DATABASE_URL", false)]
    [InlineData("PGPASSWORD", false)]
    [InlineData("JWT_SECRET", false)]
    [InlineData("SMTP_PASS", false)]
    [InlineData("GITHUB_TOKEN", false)]
    [InlineData("AWS_ACCESS_KEY_ID", false)]
    [InlineData("ASPNETCORE_URLS", false)]
    [InlineData("DOTNET_ENVIRONMENT", false)]
    [InlineData("OTEL_SERVICE_NAME", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    public void Settings_pass_and_secrets_do_not(string name, bool inherited) =>
        ChildEnvironment.Filter(new Hashtable { [name] = "value" }).ContainsKey(name).ShouldBe(inherited);
}
