using System.Net;
using System.Net.Sockets;
using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>Keeps git away from private addresses: the name is resolved once, checked, and git is bound to that address.</summary>
internal static class GitHostGuard
{
    /// <summary>Settings that bind git to the checked address; a name that changes its address afterwards changes nothing.</summary>
    public static async Task<IReadOnlyList<string>> PinAsync(Uri address, bool allowPrivate, CancellationToken cancellationToken)
    {
        if (allowPrivate) return [];
        IPAddress[] resolved;
        try
        {
            resolved = await Dns.GetHostAddressesAsync(address.IdnHost.Trim('[', ']'), cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new BuildFailureException(
                FailureCode.RepositoryUnreachable, $"The host {address.IdnHost} cannot be found.", "Check the address of the repository.", exception);
        }

        if (resolved.Length == 0 || !resolved.All(PublicAddress.IsPublic))
            throw new BuildFailureException(FailureCode.SourceRefused, $"The host {address.IdnHost} has a private or reserved address.");
        var addresses = string.Join(',', resolved.Select(ip => ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString()));
        return [$"http.curloptResolve={address.IdnHost}:{address.Port}:{addresses}"];
    }
}
