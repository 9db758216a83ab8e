using Microsoft.Extensions.Options;

namespace Platform.Api.Webhooks;

/// <summary>Which addresses may be called.</summary>
internal sealed class WebhookAddresses(IOptions<WebhookOptions> options, IHostEnvironment environment)
{
    public bool AllowPrivate { get; } = options.Value.AllowPrivateHosts ?? environment.IsDevelopment();
}
