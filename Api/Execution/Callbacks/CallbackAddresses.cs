using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;

namespace Platform.Api.Execution.Callbacks;

/// <summary>Which addresses may be called back.</summary>
internal sealed class CallbackAddresses(IOptions<CallbackOptions> options, IHostEnvironment environment)
{
    public bool AllowPrivate { get; } = options.Value.AllowPrivateHosts ?? environment.IsDevelopment();

    /// <summary>Why the address is refused; null when it is not. What a name resolves to is looked at when it is called.</summary>
    public string? Refuse(string? url) => OutgoingHttp.Refuse(url, AllowPrivate);
}
