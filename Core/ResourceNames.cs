namespace Platform.Core;

/// <summary>Names of the resources of the app model: connection strings, service discovery, telemetry and logs use the same ones.</summary>
public static class ResourceNames
{
    /// <summary>The PostgreSQL server.</summary>
    public const string Postgres = "postgres";

    /// <summary>The platform's database on <see cref="Postgres"/>; the name of its connection string.</summary>
    public const string Database = "platform";

    /// <summary>Redis: caches, counters and live fan-out; the name of its connection string.</summary>
    public const string Redis = "redis";

    /// <summary>The MongoDB server.</summary>
    public const string Mongo = "mongo";

    /// <summary>The document database on <see cref="Mongo"/>; the name of its connection string.</summary>
    public const string Documents = "documents";

    /// <summary>The HTTP and WebSocket API.</summary>
    public const string Api = "api";

    /// <summary>The worker that builds and publishes deployments.</summary>
    public const string BuildWorker = "build-worker";

    /// <summary>The worker that runs code in sandboxes.</summary>
    public const string ExecutionWorker = "execution-worker";

    /// <summary>The host of the single-page application and of deployed sites.</summary>
    public const string Web = "web";
}
