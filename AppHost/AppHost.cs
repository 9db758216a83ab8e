using Platform.AppHost;
using Platform.Core;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddPlatformSettings();

// A store that is configured (ConnectionStrings__platform or DATABASE_URL, …) is used as it is; the others are started.
var database = builder.FindConfiguredStore(ResourceNames.Database)
    ?? builder.AddPostgres(ResourceNames.Postgres).WithDataVolume().AddDatabase(ResourceNames.Database);
var redis = builder.FindConfiguredStore(ResourceNames.Redis)
    ?? builder.AddRedis(ResourceNames.Redis);
var documents = builder.FindConfiguredStore(ResourceNames.Documents)
    ?? builder.AddMongoDB(ResourceNames.Mongo).WithDataVolume().AddDatabase(ResourceNames.Documents);

var jwtSecret = builder.AddParameter("jwt-secret", new GenerateParameterDefault { MinLength = 64, Special = false }, secret: true, persist: true);

// Api applies the migrations before it listens: whoever needs the schema waits for it.
var api = builder.AddProject<Projects.Api>(ResourceNames.Api)
    .WithHttpEndpoint(port: builder.GetPort("API_PORT", 8081))
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReplicas(builder.GetReplicas(ResourceNames.Api))
    .WithPlatformSettings(ResourceNames.Api)
    .WithEnvironment("JWT_SECRET", jwtSecret)
    .WithReference(database).WithReference(redis).WithReference(documents)
    .WaitFor(database).WaitFor(redis).WaitFor(documents);

builder.AddProject<Projects.BuildWorker>(ResourceNames.BuildWorker)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithPlatformSettings(ResourceNames.BuildWorker)
    .WithReference(database).WithReference(redis)
    .WaitFor(api);

builder.AddProject<Projects.ExecutionWorker>(ResourceNames.ExecutionWorker)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithPlatformSettings(ResourceNames.ExecutionWorker)
    .WithReference(database).WithReference(redis)
    .WaitFor(api);

builder.AddProject<Projects.Web>(ResourceNames.Web)
    .WithHttpEndpoint(port: builder.GetPort("WEB_PORT", 8080))
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithPlatformSettings(ResourceNames.Web)
    .WithReference(api).WithReference(database).WithReference(redis)
    .WaitFor(api);

await builder.Build().RunAsync();
