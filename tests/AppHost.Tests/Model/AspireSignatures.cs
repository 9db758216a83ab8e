namespace Platform.AppHost.Tests.Model;

/// <summary>
/// What the app model uses of Aspire, as its source says at the tag v13.5.2 (parameter attributes and null annotations left out):
/// src/Aspire.Hosting, src/Aspire.Hosting.PostgreSQL, src/Aspire.Hosting.Redis and src/Aspire.Hosting.MongoDB.
/// </summary>
internal static class AspireSignatures
{
    public const string All = """
        DistributedApplication.CreateBuilder(string[] args) : IDistributedApplicationBuilder
        DistributedApplication.RunAsync(CancellationToken cancellationToken = default) : Task
        IDistributedApplicationBuilder.Build() : DistributedApplication
        IDistributedApplicationBuilder.Configuration : ConfigurationManager
        IDistributedApplicationBuilder.AppHostDirectory : string
        IDistributedApplicationBuilder.Environment : IHostEnvironment
        IResourceBuilder<T>.ApplicationBuilder : IDistributedApplicationBuilder
        IResourceBuilder<T>.Resource : T
        PostgresBuilderExtensions.AddPostgres(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> userName = default, IResourceBuilder<ParameterResource> password = default, int? port = default) : IResourceBuilder<PostgresServerResource>
        PostgresBuilderExtensions.AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string databaseName = default) : IResourceBuilder<PostgresDatabaseResource>
        PostgresBuilderExtensions.WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string name = default, bool isReadOnly = default) : IResourceBuilder<PostgresServerResource>
        RedisBuilderExtensions.AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = default, IResourceBuilder<ParameterResource> password = default) : IResourceBuilder<RedisResource>
        RedisBuilderExtensions.WithDataVolume(this IResourceBuilder<RedisResource> builder, string name = default, bool isReadOnly = default) : IResourceBuilder<RedisResource>
        MongoDBBuilderExtensions.AddMongoDB(this IDistributedApplicationBuilder builder, string name, int? port = default, IResourceBuilder<ParameterResource> userName = default, IResourceBuilder<ParameterResource> password = default) : IResourceBuilder<MongoDBServerResource>
        MongoDBBuilderExtensions.AddDatabase(this IResourceBuilder<MongoDBServerResource> builder, string name, string databaseName = default) : IResourceBuilder<MongoDBDatabaseResource>
        MongoDBBuilderExtensions.WithDataVolume(this IResourceBuilder<MongoDBServerResource> builder, string name = default, bool isReadOnly = default) : IResourceBuilder<MongoDBServerResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = default) : IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = default, bool secret = default) : IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = default, bool persist = default) : IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddConnectionString(this IDistributedApplicationBuilder builder, string name, string environmentVariableName = default) : IResourceBuilder<IResourceWithConnectionString>
        ProjectResourceBuilderExtensions.AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) : IResourceBuilder<ProjectResource>
        ProjectResourceBuilderExtensions.WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) : IResourceBuilder<ProjectResource>
        ExecutableResourceBuilderExtensions.AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args) : IResourceBuilder<ExecutableResource>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string value) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string connectionName = default, bool optional = default) : IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) : IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri) : IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) : IResourceBuilder<T>
        ResourceBuilderExtensions.WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = default, int? targetPort = default, string name = default, string env = default, bool? isProxied = default) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) : IResourceBuilder<T>
        ResourceBuilderExtensions.WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path = default, int? statusCode = default, string endpointName = default) : IResourceBuilder<T>
        GenerateParameterDefault.MinLength : int
        GenerateParameterDefault.Special : bool
        DistributedApplicationException.ctor(string message)
        """;

    public static IReadOnlyList<string> Lines { get; } =
        [.. All.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>The member's name of a line.</summary>
    public static string NameOf(string line)
    {
        // "Type<T>.Name<U>(…) : R" or "Type.Name : R"
        var head = line.Split('(', 2)[0].Split(" : ", 2)[0];
        return head[(head.LastIndexOf('.') + 1)..].Split('<')[0];
    }
}
