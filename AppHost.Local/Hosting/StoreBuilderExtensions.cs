using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL to the model.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server: a local process with a generated password on a loopback port that is kept.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder
            .AddResource(new PostgresServerResource(
                name, userName?.Resource, password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPassword(builder, $"{name}-password")))
            .WithAnnotation(StoreEndpoint.Create(port));

    /// <summary>Adds a database, which is created when the server first runs.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(database.Name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>Keeps the data from one start to the next. The local process always keeps it, so <paramref name="name"/> names nothing here.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(StoreEndpoint.Volume(builder.Resource, isReadOnly));
}

/// <summary>Adds Redis to the model.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a Redis server: a local process with a generated password on a loopback port that is kept.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder
            .AddResource(new RedisResource(
                name, password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPassword(builder, $"{name}-password")))
            .WithAnnotation(StoreEndpoint.Create(port));

    /// <summary>Writes snapshots, so that the data survives a restart.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(StoreEndpoint.Volume(builder.Resource, isReadOnly));
}

/// <summary>Adds the document store to the model.</summary>
public static class MongoDBBuilderExtensions
{
    /// <summary>Adds the document store; here it is kept in PostgreSQL, see <see cref="MongoDBServerResource"/>.</summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        if (port is not null || userName is not null || password is not null)
            throw new DistributedApplicationException("The document store is kept in PostgreSQL here: it has no port, user or password of its own.");

        return builder.AddResource(new MongoDBServerResource(name));
    }

    /// <summary>Adds a database of documents.</summary>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(
        this IResourceBuilder<MongoDBServerResource> builder, string name, string? databaseName = null) =>
        builder.ApplicationBuilder.AddResource(new MongoDBDatabaseResource(name, databaseName ?? name, builder.Resource));

    /// <summary>Keeps the data from one start to the next, which PostgreSQL does anyway.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataVolume(
        this IResourceBuilder<MongoDBServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(StoreEndpoint.Volume(builder.Resource, isReadOnly));
}

internal static class StoreEndpoint
{
    // An address, not a name: the servers listen on IPv4's loopback only, and a client that tries ::1 first would wait for nothing.
    public static EndpointAnnotation Create(int? port) => new("tcp", "tcp", port, targetPort: null) { TargetHost = "127.0.0.1" };

    public static DataVolumeAnnotation Volume(IResource resource, bool isReadOnly) => isReadOnly
        ? throw new DistributedApplicationException($"The data of '{resource.Name}' cannot be read-only: a local process writes it.")
        : new();
}
