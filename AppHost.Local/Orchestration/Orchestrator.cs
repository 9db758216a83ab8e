using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Dashboard;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Networking;
using Platform.AppHost.Local.Processes;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Starts what the model says, in order, and stops it in the reverse order.</summary>
internal sealed class Orchestrator(DistributedApplicationBuilder builder, TextWriter output, bool coloured, TimeProvider time) : IAsyncDisposable
{
    private const string HostName = "apphost";
    private const int DefaultDashboardPort = 18888;
    private readonly ConsoleMultiplexer _console = new(output, coloured, builder.Resources.Select(resource => resource.Name.Length).Append(HostName.Length).Max());
    private readonly SecretMasker _masker = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly List<TcpBalancer> _balancers = [];
    private readonly Dictionary<ResourceInstance, Task> _stopping = [];
    private LogBuffer? _log;
    private InstanceLock? _lock;
    private Watchdog? _watchdog;
    private DashboardServer? _dashboard;
    private int _colours;

    public IReadOnlyList<ResourceInstance> Instances { get; private set; } = [];

    private LogBuffer Log => _log ??= CreateLog(HostName);

    private List<IResource> Resources => [.. builder.Resources];

    /// <summary>Starts everything; returns when the starts are under way.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new AppHostException(
                ExitReason.MissingProgram,
                "Without Aspire's packages the platform starts its stores as local processes, which works on Linux only. Here, build with -p:PackageSet=full.");
        }

        var store = builder.Store.Value;
        _lock = InstanceLock.Take(store.Directory);
        AppModel.Validate(Resources);
        foreach (var secret in Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret)) _masker.Add(secret.CurrentValue);
        foreach (var server in Resources.OfType<PostgresServerResource>()) _masker.Add(server.PasswordParameter.CurrentValue);
        foreach (var server in Resources.OfType<RedisResource>()) _masker.Add(server.PasswordParameter.CurrentValue);
        var watchdogFile = Path.Combine(store.Directory.Own, "watchdog.pid");
        await Watchdog.WaitForPredecessorAsync(watchdogFile, text => Say(text), time, cancellationToken);
        PortPlan.Allocate(Resources, store);
        var dashboardPort = DashboardPort();
        _ = Programs.Find("setsid");
        _watchdog = new(watchdogFile);
        var environment = new EnvironmentFactory(builder.Configuration, builder.Environment.EnvironmentName, _masker);
        Instances = new InstanceFactory(Resources, store, environment, CreateLog, _watchdog, _http, time).Create();
        if (dashboardPort is { } port)
        {
            _dashboard = new(port, Instances, Log, _masker);
            await _dashboard.StartAsync(cancellationToken);
            Say(string.Create(CultureInfo.InvariantCulture, $"Dashboard: http://localhost:{port}"));
        }

        StartBalancers();
        foreach (var instance in Instances)
        {
            if (instance.Supervisor is { } supervisor) await supervisor.StartAsync();
        }
    }

    /// <summary>Waits until every process is healthy, and says so.</summary>
    /// <exception cref="AppHostException">One of them cannot start.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        foreach (var instance in Instances)
        {
            if (instance.Supervisor is null) continue;
            await instance.Status.WaitAsync(
                status => status.IsReady || status.State is ResourceState.Finished or ResourceState.Exited || AnyFailure() is not null, cancellationToken);
            if (AnyFailure() is { } failure) throw failure;
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"Everything is healthy after {time.GetElapsedTime(start).TotalSeconds:0.0} s."));
        foreach (var endpoint in Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>(), (resource, endpoint) => (resource, endpoint)))
        {
            if (endpoint.endpoint.IsExternal)
                Say($"  {endpoint.resource.Name,-12} {endpoint.endpoint.UriScheme}://{endpoint.endpoint.TargetHost}:{endpoint.endpoint.AllocatedPort}");
        }
    }

    /// <summary>Stops everything: first those that need others, then what they needed.</summary>
    public async Task StopAsync()
    {
        List<Task> stops;
        lock (_stopping) stops = [.. Instances.Select(StopOnceAsync)];
        await Task.WhenAll(stops);
    }

    /// <summary>Kills what is left without asking; for an operator who will not wait.</summary>
    public void Kill()
    {
        foreach (var instance in Instances) instance.Supervisor?.Kill();
    }

    public void Say(string text, bool isError = false) => Log.Append(text, isError);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var balancer in _balancers) await balancer.DisposeAsync();
        if (_dashboard is not null) await _dashboard.DisposeAsync();
        if (_watchdog is not null) await _watchdog.DisposeAsync();
        foreach (var instance in Instances) instance.Supervisor?.Dispose();
        _http.Dispose();
        _lock?.Dispose();
        await _console.DisposeAsync();
    }

    private AppHostException? AnyFailure() =>
        Instances.Select(instance => instance.Supervisor?.Failure).FirstOrDefault(failure => failure is not null);

    private int? DashboardPort()
    {
        if (builder.DisableDashboard) return null;
        var text = builder.Configuration["DASHBOARD_PORT"];
        if (string.IsNullOrEmpty(text)) return PortPlan.Claim(DefaultDashboardPort, "the dashboard", "DASHBOARD_PORT");
        return int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? PortPlan.Claim(port, "the dashboard", "DASHBOARD_PORT")
            : throw new AppHostException(ExitReason.InvalidModel, $"DASHBOARD_PORT is '{text}', which is not a port.");
    }

    private void StartBalancers()
    {
        foreach (var resource in Resources.Where(resource => InstanceFactory.ReplicasOf(resource) > 1))
        {
            var processes = Instances.Where(instance => ReferenceEquals(instance.Resource, resource)).ToList();
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                var ports = processes.ToDictionary(
                    process => process,
                    process => PortPlan.ForProcess(resource, process.Name, balanced: true, builder.Store.Value)[endpoint]);
                var balancer = new TcpBalancer(
                    endpoint.AllocatedPort!.Value,
                    () => [.. ports.Where(pair => pair.Key.Status.Current.IsReady).Select(pair => pair.Value)],
                    Log);
                _balancers.Add(balancer);
                balancer.Start();
            }
        }
    }

    private Task StopOnceAsync(ResourceInstance instance)
    {
        if (instance.Supervisor is null) return Task.CompletedTask;
        if (_stopping.TryGetValue(instance, out var stopping)) return stopping;
        return _stopping[instance] = StopAfterAsync([.. DependentsOf(instance).Select(StopOnceAsync)], instance.Supervisor);
    }

    private IEnumerable<ResourceInstance> DependentsOf(ResourceInstance instance) => Instances.Where(other =>
        AppModel.Waits(other.Resource).Any(wait => ReferenceEquals(AppModel.HostOf(wait.Resource), instance.Resource)));

    private static async Task StopAfterAsync(IEnumerable<Task> dependents, Supervisor supervisor)
    {
        await Task.WhenAll(dependents);
        await supervisor.StopAsync();
    }

    private LogBuffer CreateLog(string name) => new(name, _colours++, _masker, time, _console.Write);
}
