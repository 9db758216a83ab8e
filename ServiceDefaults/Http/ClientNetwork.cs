using System.Net;
using System.Net.Sockets;

namespace Platform.ServiceDefaults.Http;

/// <summary>As whom limits count a client.</summary>
public static class ClientNetwork
{
    /// <summary>The client's address; of IPv6 the /64, which one person has whole.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
