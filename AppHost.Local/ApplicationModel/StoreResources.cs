using System.Data.Common;
using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server; here a local process.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    private const string DefaultUserName = "postgres";
    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the server.</summary>
    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        UserNameParameter = userName;
        PasswordParameter = password;
        PrimaryEndpoint = new(this, "tcp");
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The superuser's name; <c>postgres</c> when null.</summary>
    public ParameterResource? UserNameParameter { get; set; }

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; set; }

    /// <summary>Resource names and the databases they stand for.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    internal string UserName => UserNameParameter?.CurrentValue ?? DefaultUserName;

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(BuildConnectionString());

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, string>> GetConnectionProperties() =>
    [
        new("Host", PrimaryEndpoint.Host),
        new("Port", PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)),
        new("Username", UserName),
        new("Password", PasswordParameter.CurrentValue),
        new("Uri", BuildUri(null)),
        new("JdbcConnectionString", BuildJdbc(null)),
    ];

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal string BuildConnectionString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={PrimaryEndpoint.Host};Port={PrimaryEndpoint.Port};Username={UserName};Password={PasswordParameter.CurrentValue}");

    internal string BuildUri(string? database) => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(PasswordParameter.CurrentValue)}@{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port}{Path(database)}");

    internal string BuildJdbc(string? database) => string.Create(
        CultureInfo.InvariantCulture, $"jdbc:postgresql://{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port}{Path(database)}");

    private static string Path(string? database) => database is null ? "" : "/" + Uri.EscapeDataString(database);
}

/// <summary>A database on a <see cref="PostgresServerResource"/>; created when the server first runs.</summary>
public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <inheritdoc />
    public PostgresServerResource Parent { get; } = postgresParentResource;

    /// <summary>The name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default)
    {
        var database = new DbConnectionStringBuilder { ["Database"] = DatabaseName };
        return new($"{Parent.BuildConnectionString()};{database}");
    }

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, string>> GetConnectionProperties()
    {
        var properties = Parent.GetConnectionProperties().ToDictionary();
        properties["DatabaseName"] = DatabaseName;
        properties["Uri"] = Parent.BuildUri(DatabaseName);
        properties["JdbcConnectionString"] = Parent.BuildJdbc(DatabaseName);
        return properties;
    }
}

/// <summary>A Redis server; here a local process.</summary>
public class RedisResource : ContainerResource, IResourceWithConnectionString
{
    /// <summary>Creates the server.</summary>
    public RedisResource(string name, ParameterResource password)
        : base(name)
    {
        PasswordParameter = password;
        PrimaryEndpoint = new(this, "tcp");
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password of the default user.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port},password={PasswordParameter.CurrentValue}"));

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, string>> GetConnectionProperties() =>
    [
        new("Host", PrimaryEndpoint.Host),
        new("Port", PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)),
        new("Password", PasswordParameter.CurrentValue),
        new("Uri", string.Create(
            CultureInfo.InvariantCulture,
            $"redis://:{Uri.EscapeDataString(PasswordParameter.CurrentValue)}@{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port}")),
    ];
}

/// <summary>
/// The document store. No MongoDB server runs here: documents are kept in the platform's PostgreSQL database, so that this resource is
/// shown, but gives nobody a connection string.
/// </summary>
public class MongoDBServerResource(string name) : Resource(name), IResourceWithConnectionString
{
    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => default;
}

/// <summary>A database of documents on a <see cref="MongoDBServerResource"/>.</summary>
public class MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
    : Resource(name), IResourceWithParent<MongoDBServerResource>, IResourceWithConnectionString
{
    /// <inheritdoc />
    public MongoDBServerResource Parent { get; } = parent;

    /// <summary>The name it would have on a MongoDB server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => default;
}
