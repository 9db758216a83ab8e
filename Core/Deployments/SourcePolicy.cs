using System.Net;
using System.Net.Sockets;

namespace Platform.Core.Deployments;

/// <summary>What sources of deployments are accepted.</summary>
public sealed class SourceOptions
{
    public const string SectionName = "Sources";

    /// <summary>Accept <c>file://</c> repositories. Unset: in Development only.</summary>
    public bool? AllowFiles { get; set; }

    /// <summary>Accept Git servers with private or reserved addresses. Unset: in Development only.</summary>
    public bool? AllowPrivateHosts { get; set; }

    /// <summary>Folder of the samples, relative to the installation.</summary>
    public string SamplesPath { get; set; } = "samples";

    /// <summary>Folder of uploaded archives, relative to the installation; the Api and the workers see the same.</summary>
    public string ArchivePath { get; set; } = ".data/archives";

    /// <summary>Largest uploaded archive in bytes.</summary>
    public long MaxArchiveBytes { get; set; } = 200L * 1024 * 1024;

    /// <summary>Bytes that one owner's uploaded archives may have together.</summary>
    public long MaxOwnerArchiveBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>How long an uploaded archive is kept; afterwards its deployments cannot be repeated.</summary>
    public TimeSpan KeepArchives { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The host, with its port where it is not 443, whose private repositories the tokens of connected GitHub accounts open.</summary>
    public string GitHubHost { get; set; } = "github.com";
}

/// <summary>Tells addresses of the public internet from private, local and reserved ones.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16",
        }.Select(IPNetwork.Parse),
    ];

    // All of IPv6 that is routed to everybody; what is none of it, loopback and local addresses among it, need not be listed.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>True when the address is reachable from everywhere, so that asking it tells nobody anything about this network.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return (address.AddressFamily == AddressFamily.InterNetwork || Global.Contains(address))
            && !Refused.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }
}
