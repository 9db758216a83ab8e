using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Writes the variables by which a process finds the stores and services it references, named as Aspire names them.</summary>
internal static class References
{
    public static async Task ConnectAsync(
        EnvironmentCallbackContext context, IResourceWithConnectionString source, string? connectionName, bool optional)
    {
        // Documents live in the platform's database here, which the process references itself.
        if (source is MongoDBServerResource or MongoDBDatabaseResource) return;

        connectionName ??= source.Name;
        var value = await source.GetConnectionStringAsync(context.CancellationToken);
        if (string.IsNullOrEmpty(value))
        {
            if (optional) return;
            throw new DistributedApplicationException(
                $"'{context.Resource.Name}' references '{source.Name}', which has no connection string: set ConnectionStrings__{connectionName}.");
        }

        context.EnvironmentVariables[source.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName}"] = value;
        var prefix = connectionName.Length == 0 ? "" : Encode(connectionName).ToUpperInvariant() + "_";
        foreach (var (name, part) in source.GetConnectionProperties())
            context.EnvironmentVariables[prefix + name.ToUpperInvariant()] = part;
    }

    public static void Discover(EnvironmentCallbackContext context, IResourceWithServiceDiscovery source)
    {
        foreach (var endpoint in source.Annotations.OfType<EndpointAnnotation>())
        {
            var reference = new EndpointReference(source, endpoint.Name);
            context.EnvironmentVariables[$"{Encode(source.Name).ToUpperInvariant()}_{Encode(endpoint.Name).ToUpperInvariant()}"] = reference;

            var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
            var index = 0;
            while (context.EnvironmentVariables.ContainsKey($"services__{source.Name}__{key}__{index}")) index++;
            context.EnvironmentVariables[$"services__{source.Name}__{key}__{index}"] = reference;
        }
    }

    /// <summary>Turns a resource's name into one that a variable can have.</summary>
    public static string Encode(string name)
    {
        var builder = new StringBuilder(name.Length + 1);
        if (name.Length > 0 && char.IsAsciiDigit(name[0])) builder.Append('_');
        foreach (var c in name) builder.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return builder.ToString();
    }
}

/// <summary>A variable that tells the process which port to listen on.</summary>
internal sealed class TargetPortVariableAnnotation(EndpointAnnotation endpoint, string variable) : IResourceAnnotation
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Variable { get; } = variable;
}
