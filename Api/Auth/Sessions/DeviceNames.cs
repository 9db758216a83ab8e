using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Auth.Sessions;

/// <summary>Reads user agents as people would: <c>Firefox on Linux</c>. Versions are left out, since they change every month.</summary>
internal static class DeviceNames
{
    // The first match counts: most browsers also name those that they descend from.
    private static readonly (string Mark, string Name)[] Programs =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("HeadlessChrome/", "Chrome (headless)"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
        ("Wget/", "Wget"), ("PostmanRuntime/", "Postman"), ("python-requests/", "Python"), ("node", "Node.js"), ("Go-http-client/", "Go"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Describe(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent)) return "Unknown device";
        var program = Find(Programs, userAgent);
        var system = Find(Systems, userAgent);
        return (program, system) switch
        {
            (null, null) => "Unknown device",
            (null, _) => system,
            (_, null) => program,
            _ => $"{program} on {system}",
        };
    }

    /// <summary>Tells devices apart as far as a new one is worth a mail: program, system, and the network it comes from.</summary>
    public static string Fingerprint(string? userAgent, IPAddress? address) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Describe(userAgent)}|{Network(address)}")));

    // /24 and /64: addresses within change by themselves.
    private static string Network(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(address.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : 3).Clear();
        return new IPAddress(bytes).ToString();
    }

    private static string? Find((string Mark, string Name)[] entries, string userAgent) =>
        entries.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
