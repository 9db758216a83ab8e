using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;

namespace Platform.AppHost.Tests.Model;

public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SecretMasker _masker = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_database_gives_its_connection_string_and_its_parts()
    {
        var builder = Create("Parameters:postgres-password=s3cret/with:signs");
        var database = builder.AddPostgres("postgres", port: 15001).AddDatabase("platform");
        var project = builder.AddProject<Sample>("api").WithReference(database);

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["ConnectionStrings__platform"].ShouldBe("Host=127.0.0.1;Port=15001;Username=postgres;Password=s3cret/with:signs;Database=platform");
        environment["PLATFORM_HOST"].ShouldBe("127.0.0.1");
        environment["PLATFORM_PORT"].ShouldBe("15001");
        environment["PLATFORM_USERNAME"].ShouldBe("postgres");
        environment["PLATFORM_PASSWORD"].ShouldBe("s3cret/with:signs");
        environment["PLATFORM_DATABASENAME"].ShouldBe("platform");
        environment["PLATFORM_URI"].ShouldBe("postgresql://postgres:s3cret%2Fwith%3Asigns@127.0.0.1:15001/platform");
        environment["PLATFORM_JDBCCONNECTIONSTRING"].ShouldBe("jdbc:postgresql://127.0.0.1:15001/platform");
    }

    [Fact]
    public async Task Redis_gives_its_connection_string_and_its_parts()
    {
        var builder = Create("Parameters:redis-password=s3cret");
        var project = builder.AddProject<Sample>("api").WithReference(builder.AddRedis("redis", port: 15002));

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["ConnectionStrings__redis"].ShouldBe("127.0.0.1:15002,password=s3cret");
        environment["REDIS_HOST"].ShouldBe("127.0.0.1");
        environment["REDIS_PORT"].ShouldBe("15002");
        environment["REDIS_PASSWORD"].ShouldBe("s3cret");
        environment["REDIS_URI"].ShouldBe("redis://:s3cret@127.0.0.1:15002");
    }

    [Fact]
    public async Task The_document_store_pretends_no_MongoDB()
    {
        var builder = Create();
        var documents = builder.AddMongoDB("mongo").WithDataVolume().AddDatabase("documents");
        var project = builder.AddProject<Sample>("api").WithReference(documents).WaitFor(documents);

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment.Keys.ShouldNotContain(name => name.Contains("documents", StringComparison.OrdinalIgnoreCase) || name.Contains("mongo", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_configured_store_is_used_as_it_is()
    {
        var builder = Create("ConnectionStrings:platform=Host=db.example;Database=other");
        var project = builder.AddProject<Sample>("api").WithReference(builder.AddConnectionString("platform"));

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["ConnectionStrings__platform"].ShouldBe("Host=db.example;Database=other");
        environment.Keys.ShouldNotContain("PLATFORM_HOST");
    }

    [Fact]
    public async Task A_reference_can_have_another_name()
    {
        var builder = Create();
        var project = builder.AddProject<Sample>("api").WithReference(builder.AddRedis("redis", port: 15003), connectionName: "my-cache");

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["ConnectionStrings__my-cache"].ShouldStartWith("127.0.0.1:15003,");
        environment["MY_CACHE_PORT"].ShouldBe("15003");
    }

    [Fact]
    public async Task A_service_is_found_by_Aspires_variables()
    {
        var builder = Create();
        var api = builder.AddProject<Sample>("build-worker").WithHttpEndpoint(port: 15004).WithHttpEndpoint(port: 15005, name: "admin");
        var web = builder.AddProject<Sample>("web").WithReference(api);

        var environment = await EnvironmentOfAsync(builder, web.Resource);

        environment["services__build-worker__http__0"].ShouldBe("http://localhost:15004");
        environment["services__build-worker__admin__0"].ShouldBe("http://localhost:15005");
        environment["BUILD_WORKER_HTTP"].ShouldBe("http://localhost:15004");
        environment["BUILD_WORKER_ADMIN"].ShouldBe("http://localhost:15005");
    }

    [Fact]
    public async Task A_project_receives_addresses_environment_and_telemetry()
    {
        var builder = Create();
        var project = builder.AddProject<Sample>("api").WithHttpEndpoint(port: 15006);

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["ASPNETCORE_URLS"].ShouldBe("http://localhost:15006");
        environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        environment["DOTNET_ENVIRONMENT"].ShouldBe("Development");
        environment["LOGGING__CONSOLE__FORMATTERNAME"].ShouldBe("simple");
        environment["OTEL_SERVICE_NAME"].ShouldBe("api");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=api");
        environment["OTEL_TRACES_SAMPLER"].ShouldBe("always_on");
        environment["OTEL_METRIC_EXPORT_INTERVAL"].ShouldBe("1000");
        environment.Keys.ShouldNotContain("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    [Fact]
    public async Task A_configured_collector_is_passed_on()
    {
        var builder = Create("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "OTEL_EXPORTER_OTLP_HEADERS=x-otlp-api-key=k");
        var project = builder.AddProject<Sample>("api");

        var environment = await EnvironmentOfAsync(builder, project.Resource);

        environment["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://localhost:4317");
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("grpc");
        environment["OTEL_EXPORTER_OTLP_HEADERS"].ShouldBe("x-otlp-api-key=k");
    }

    [Fact]
    public async Task A_generated_parameter_stays_the_same_and_configuration_wins()
    {
        var first = await JwtSecretAsync(Create());
        var second = await JwtSecretAsync(Create());
        var configured = await JwtSecretAsync(Create("Parameters:jwt_secret=mine"));

        first.Length.ShouldBe(64);
        second.ShouldBe(first);
        configured.ShouldBe("mine");
    }

    [Fact]
    public async Task A_parameter_without_a_value_says_which_key_is_missing()
    {
        var builder = Create();
        var project = builder.AddProject<Sample>("api").WithEnvironment("KEY", builder.AddParameter("my-key"));

        var exception = await Should.ThrowAsync<DistributedApplicationException>(() => EnvironmentOfAsync(builder, project.Resource));

        exception.Message.ShouldContain("Parameters__my_key");
    }

    [Fact]
    public async Task Replicas_listen_on_ports_of_their_own()
    {
        var builder = Create();
        var project = builder.AddProject<Sample>("api").WithHttpEndpoint(port: 15007).WithReplicas(2);
        Allocate(builder);
        var store = ((DistributedApplicationBuilder)builder).Store.Value;

        var first = PortPlan.ForProcess(project.Resource, "api-1", balanced: true, store).Values.Single();
        var second = PortPlan.ForProcess(project.Resource, "api-2", balanced: true, store).Values.Single();

        new[] { 15007, first, second }.Distinct().Count().ShouldBe(3);
    }

    private static async Task<string> JwtSecretAsync(IDistributedApplicationBuilder builder)
    {
        var parameter = builder.AddParameter("jwt-secret", new GenerateParameterDefault { MinLength = 64, Special = false }, secret: true, persist: true);
        return (await parameter.Resource.GetValueAsync())!;
    }

    private static void Allocate(IDistributedApplicationBuilder builder) =>
        PortPlan.Allocate(builder.Resources, ((DistributedApplicationBuilder)builder).Store.Value);

    private IDistributedApplicationBuilder Create(params string[] settings)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = _directory.Path });
        foreach (var setting in settings.Append($"DATA_DIR={_directory["data"]}"))
        {
            var parts = setting.Split('=', 2);
            builder.Configuration[parts[0]] = parts[1];
        }

        return builder;
    }

    private async Task<IReadOnlyDictionary<string, string>> EnvironmentOfAsync(IDistributedApplicationBuilder builder, ProjectResource resource)
    {
        Allocate(builder);
        var ports = PortPlan.ForProcess(resource, resource.Name, balanced: false, ((DistributedApplicationBuilder)builder).Store.Value);
        return await new EnvironmentFactory(builder.Configuration, "Development", _masker).CreateAsync(resource, resource.Name, ports, CancellationToken.None);
    }

    private sealed class Sample : IProjectMetadata
    {
        public string ProjectPath => "/nowhere/Sample.csproj";

        public string TargetPath => "/nowhere/Platform.Sample.dll";
    }
}
