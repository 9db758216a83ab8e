using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Processes;
using Platform.AppHost.Local.State;
using Platform.AppHost.Local.Stores;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Turns the resources of the model into rows, and those that are processes into supervised ones.</summary>
internal sealed class InstanceFactory(
    IReadOnlyList<IResource> resources,
    StateStore store,
    EnvironmentFactory environment,
    Func<string, LogBuffer> createLog,
    Watchdog watchdog,
    HttpClient http,
    TimeProvider time)
{
    private readonly List<ResourceInstance> _instances = [];
    private string? _storeDirectory;

    public IReadOnlyList<ResourceInstance> Create()
    {
        foreach (var resource in resources.Where(resource => resource is not IResourceWithParent and not MongoDBServerResource)) AddProcessesOf(resource);
        foreach (var resource in resources.Where(resource => resource is IResourceWithParent or MongoDBServerResource)) AddInhabitant(resource);
        return [.. resources.SelectMany(resource => _instances.Where(instance => ReferenceEquals(instance.Resource, resource)))];
    }

    public static int ReplicasOf(IResource resource) =>
        Math.Max(1, resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1);

    private void AddProcessesOf(IResource resource)
    {
        var replicas = ReplicasOf(resource);
        for (var number = 1; number <= replicas; number++)
        {
            var name = replicas == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{number}");
            var log = createLog(name);
            var instance = new ResourceInstance(name, resource, TypeOf(resource), new(), log) { Urls = UrlsOf(resource) };
            _instances.Add(instance);
            var runner = CreateRunner(resource, name, replicas > 1, log);
            if (runner is null)
            {
                instance.Status.Update(status => status with { State = ResourceState.Running, Health = ResourceHealth.Healthy });
                continue;
            }

            runner.Preflight();
            instance.Supervisor = new(instance, runner, token => WaitForDependenciesAsync(resource, token), watchdog, time);
        }
    }

    // A database lives and dies with its server; the documents live in the first PostgreSQL server of the model.
    private void AddInhabitant(IResource resource)
    {
        var home = AppModel.HostOf(resource) is MongoDBServerResource
            ? _instances.Find(instance => instance.Resource is PostgresServerResource)
            : _instances.Find(instance => ReferenceEquals(instance.Resource, AppModel.HostOf(resource)));
        var status = home?.Status ?? new ObservableStatus();
        if (home is null) status.Update(current => current with { State = ResourceState.Running, Health = ResourceHealth.Healthy });
        _instances.Add(new(resource.Name, resource, TypeOf(resource), status, createLog(resource.Name)));
    }

    private ResourceRunner? CreateRunner(IResource resource, string name, bool balanced, LogBuffer log)
    {
        var ports = PortPlan.ForProcess(resource, name, balanced, store);
        return resource switch
        {
            PostgresServerResource postgres => new PostgresRunner(postgres, StoreDirectory(), log, time),
            RedisResource redis => new RedisRunner(redis, StoreDirectory()),
            ProjectResource project => new ProjectRunner(project, name, ports, environment, http),
            ExecutableResource executable => new ExecutableRunner(executable, name, ports, environment, http),
            _ => null,
        };
    }

    private string StoreDirectory() => _storeDirectory ??= store.Directory.CreateStores(ServiceUser.IsRoot);

    private async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var wait in AppModel.Waits(resource))
        {
            foreach (var dependency in _instances.Where(instance => ReferenceEquals(instance.Resource, wait.Resource)))
            {
                await dependency.Status.WaitAsync(
                    status => wait.WaitType == WaitType.WaitUntilHealthy ? status.IsReady : status.IsStarted, cancellationToken);
            }
        }
    }

    private static IReadOnlyList<string> UrlsOf(IResource resource) => resource is not IResourceWithEndpoints owner
        ? []
        : [.. resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(owner, endpoint.Name).Url)];

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        PostgresServerResource => "PostgreSQL",
        PostgresDatabaseResource => "PostgreSQL database",
        RedisResource => "Redis",
        MongoDBServerResource or MongoDBDatabaseResource => "Document store on PostgreSQL",
        IResourceWithConnectionString => "External store",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name,
    };
}
