using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Where workers find this instance.</summary>
internal sealed class InstanceAddress(IOptions<InstanceOptions> options, IServer server)
{
    /// <summary>The WebSocket address of one run.</summary>
    public Uri CallbackOf(Guid executionId)
    {
        var own = options.Value.InstanceUrl ?? FirstAddress();
        var scheme = own.Scheme is "https" or "wss" ? "wss" : "ws";
        return new UriBuilder(own) { Scheme = scheme, Path = RunChannel.CallbackPath + executionId.ToString("D") }.Uri;
    }

    private Uri FirstAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("This instance listens nowhere that workers could reach; set Api:InstanceUrl.");

        // Kestrel tells wildcards as it got them: "+", "*", "[::]" or "0.0.0.0".
        var binding = BindingAddress.Parse(address);
        var anywhere = binding.Host is "+" or "*" || (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return new UriBuilder(binding.Scheme, anywhere ? "127.0.0.1" : binding.Host, binding.Port).Uri;
    }
}
