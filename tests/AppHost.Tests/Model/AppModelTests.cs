using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Orchestration;

namespace Platform.AppHost.Tests.Model;

public sealed class AppModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder([]);

    [Fact]
    public void Resources_that_wait_in_a_circle_are_refused()
    {
        var first = _builder.AddExecutable("first", "sh", ".");
        var second = _builder.AddExecutable("second", "sh", ".").WaitFor(first);
        first.WaitFor(second);

        Should.Throw<DistributedApplicationException>(() => AppModel.Validate([.. _builder.Resources])).Message.ShouldContain("first");
    }

    [Fact]
    public void A_server_that_waits_for_who_waits_for_its_database_is_a_circle_too()
    {
        var server = _builder.AddPostgres("postgres");
        var client = _builder.AddExecutable("client", "sh", ".").WaitFor(server.AddDatabase("platform"));
        server.WaitFor(client);

        Should.Throw<DistributedApplicationException>(() => AppModel.Validate([.. _builder.Resources]));
    }

    [Fact]
    public void An_ordinary_model_is_accepted()
    {
        var database = _builder.AddPostgres("postgres").AddDatabase("platform");
        var api = _builder.AddExecutable("api", "sh", ".").WaitFor(database);
        _builder.AddExecutable("web", "sh", ".").WaitFor(api).WaitFor(database);

        Should.NotThrow(() => AppModel.Validate([.. _builder.Resources]));
    }

    [Fact]
    public void Two_resources_cannot_have_one_name()
    {
        _builder.AddRedis("cache");

        Should.Throw<DistributedApplicationException>(() => _builder.AddExecutable("Cache", "sh", "."));
    }

    [Fact]
    public void A_resource_cannot_wait_for_itself()
    {
        var api = _builder.AddExecutable("api", "sh", ".");

        Should.Throw<DistributedApplicationException>(() => api.WaitFor(api));
    }

    [Fact]
    public void A_parameter_cannot_be_published_and_secret() =>
        Should.Throw<ArgumentException>(() => _builder.AddParameter("key", "value", publishValueAsDefault: true, secret: true));

    [Fact]
    public void Generated_values_have_the_characters_that_were_asked_for()
    {
        var value = new GenerateParameterDefault { MinLength = 200, Special = false, Upper = false }.GetDefaultValue();

        value.Length.ShouldBe(200);
        value.ShouldAllBe(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character));
    }
}
