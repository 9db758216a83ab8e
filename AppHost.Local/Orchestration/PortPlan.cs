using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Networking;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Settles the port of every endpoint before anything starts, so that all variables are known.</summary>
internal static class PortPlan
{
    /// <exception cref="AppHostException">A port that the model fixes is in use.</exception>
    public static void Allocate(IEnumerable<IResource> resources, StateStore store)
    {
        var taken = new HashSet<int>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                endpoint.AllocatedPort = endpoint.Port is { } port
                    ? Claim(port, $"'{resource.Name}'", SettingOf(resource.Name))
                    : store.GetOrAddPort($"{resource.Name}/{endpoint.Name}", Ports.IsFree, Ports.ChooseFree);
                if (!taken.Add(endpoint.AllocatedPort.Value))
                    throw new AppHostException(ExitReason.PortInUse, $"Two endpoints want port {endpoint.AllocatedPort}: set {SettingOf(resource.Name)} to another one.");
            }
        }
    }

    public static int Claim(int port, string owner, string setting) => Ports.IsFree(port)
        ? port
        : throw new AppHostException(
            ExitReason.PortInUse,
            string.Create(CultureInfo.InvariantCulture, $"Port {port}, which {owner} needs, is in use. Stop what uses it (ss -ltnp 'sport = :{port}' shows it), or set {setting} to another port."));

    /// <summary>What each process of a resource listens on: the endpoint's own port, or one behind the balancer.</summary>
    public static IReadOnlyDictionary<EndpointAnnotation, int> ForProcess(IResource resource, string instanceName, bool balanced, StateStore store) =>
        resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(
            endpoint => endpoint,
            endpoint => balanced
                ? store.GetOrAddPort($"{instanceName}/{endpoint.Name}", Ports.IsFree, Ports.ChooseFree)
                : endpoint.AllocatedPort!.Value);

    /// <summary>By convention the setting <c>WEB_PORT</c> moves the resource <c>web</c>.</summary>
    private static string SettingOf(string resource) => References.Encode(resource).ToUpperInvariant() + "_PORT";
}
