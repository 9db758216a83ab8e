using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Processes;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>What the processes of projects and of other programs have in common: environment, arguments, health over HTTP.</summary>
internal abstract class ProcessRunner(
    IResource resource, string instanceId, IReadOnlyDictionary<EndpointAnnotation, int> ports, EnvironmentFactory environment, HttpClient http)
    : ResourceRunner(resource)
{
    protected IEnumerable<string> Arguments => Resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments);

    public override void Preflight() => _ = Programs.Find("setsid");

    public override async Task<HealthResult> CheckHealthAsync(CancellationToken cancellationToken)
    {
        foreach (var check in Resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var (endpoint, port) = ports.FirstOrDefault(pair =>
                check.EndpointName is null ? pair.Key.UriScheme is "http" or "https" : pair.Key.Name == check.EndpointName);
            if (endpoint is null)
                throw new DistributedApplicationException($"The health check of '{Resource.Name}' has no HTTP endpoint to ask.");

            var url = string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://{endpoint.TargetHost}:{port}/{check.Path.TrimStart('/')}");
            try
            {
                using var response = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if ((int)response.StatusCode != check.StatusCode)
                    return HealthResult.Unhealthy($"{check.Path} answered {(int)response.StatusCode}.");
            }
            catch (HttpRequestException exception)
            {
                return HealthResult.Unhealthy(exception.Message);
            }
        }

        return HealthResult.Healthy;
    }

    protected Task<IReadOnlyDictionary<string, string>> CreateEnvironmentAsync(CancellationToken cancellationToken) =>
        environment.CreateAsync(Resource, instanceId, ports, cancellationToken);
}

/// <summary>Runs the built output of a project, in the project's directory.</summary>
internal sealed class ProjectRunner(
    ProjectResource resource, string instanceId, IReadOnlyDictionary<EndpointAnnotation, int> ports, EnvironmentFactory environment, HttpClient http)
    : ProcessRunner(resource, instanceId, ports, environment, http)
{
    private IProjectMetadata Project => Resource.Annotations.OfType<IProjectMetadata>().Single();

    public override void Preflight()
    {
        base.Preflight();
        if (!File.Exists(Project.TargetPath))
            throw new AppHostException(ExitReason.MissingProgram, $"'{Resource.Name}' is not built: {Project.TargetPath} does not exist. Run 'dotnet build Platform.sln'.");
    }

    public override async Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken) => new(
        Dotnet(),
        [Project.TargetPath, .. Arguments],
        Path.GetDirectoryName(Project.ProjectPath)!,
        await CreateEnvironmentAsync(cancellationToken));

    private static string Dotnet()
    {
        var own = Environment.ProcessPath;
        if (own is not null && Path.GetFileNameWithoutExtension(own) == "dotnet") return own;

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return Programs.Find("dotnet", root is null ? [] : [root]);
    }
}

/// <summary>Runs a program as it is.</summary>
internal sealed class ExecutableRunner(
    ExecutableResource resource, string instanceId, IReadOnlyDictionary<EndpointAnnotation, int> ports, EnvironmentFactory environment, HttpClient http)
    : ProcessRunner(resource, instanceId, ports, environment, http)
{
    public override bool IsService => false;

    public override void Preflight()
    {
        base.Preflight();
        _ = Programs.Find(resource.Command);
    }

    public override async Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken) => new(
        Programs.Find(resource.Command), [.. Arguments], resource.WorkingDirectory, await CreateEnvironmentAsync(cancellationToken));
}
