using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Makes the environment of a process: what it inherits, what Aspire gives every project, what the model says.</summary>
internal sealed class EnvironmentFactory(IConfiguration configuration, string environmentName, SecretMasker masker)
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="resource">The resource whose process starts.</param>
    /// <param name="instanceId">Tells the processes of one resource apart in telemetry.</param>
    /// <param name="ports">The port that this process listens on, for each endpoint.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task<IReadOnlyDictionary<string, string>> CreateAsync(
        IResource resource, string instanceId, IReadOnlyDictionary<EndpointAnnotation, int> ports, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>(StringComparer.Ordinal);
        if (resource is ProjectResource) AddProjectDefaults(variables, resource.Name, instanceId);
        var context = new EnvironmentCallbackContext(resource, variables, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);
        foreach (var annotation in resource.Annotations.OfType<TargetPortVariableAnnotation>())
            variables[annotation.Variable] = ports[annotation.Endpoint].ToString(CultureInfo.InvariantCulture);
        if (resource is ProjectResource && ports.Count > 0)
        {
            variables.TryAdd("ASPNETCORE_URLS", string.Join(';', ports.Select(pair =>
                string.Create(CultureInfo.InvariantCulture, $"{pair.Key.UriScheme}://{pair.Key.TargetHost}:{pair.Value}"))));
        }

        var result = ChildEnvironment.Inherited();
        foreach (var (name, value) in variables)
        {
            var text = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : (string)value;
            if (value is ParameterResource { Secret: true }) masker.Add(text);
            if (text is not null) result[name] = text;
        }

        return result;
    }

    private void AddProjectDefaults(Dictionary<string, object> variables, string name, string instanceId)
    {
        variables["DOTNET_ENVIRONMENT"] = environmentName;
        variables["ASPNETCORE_ENVIRONMENT"] = environmentName;
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}";
        if (environmentName == "Development")
        {
            variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
            variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }

        // Nothing listens for telemetry unless a collector is configured; exporters without one would only fail again and again.
        if (configuration[OtlpEndpoint] is not { Length: > 0 } endpoint) return;
        variables[OtlpEndpoint] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc";
        if (configuration["OTEL_EXPORTER_OTLP_HEADERS"] is { Length: > 0 } headers) variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
    }
}
