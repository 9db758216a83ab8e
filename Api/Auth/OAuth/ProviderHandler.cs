using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace Platform.Api.Auth.OAuth;

/// <summary>What the framework's handler wants, and the registered callback.</summary>
internal sealed class ProviderHandlerOptions : OAuthOptions
{
    public string? CallbackUrl { get; set; }
}

/// <summary>
/// The framework's OAuth handler (code flow, PKCE, protected state, correlation cookie), called by our routes instead of by the middleware:
/// so limits, logs and the API's description apply to the callback as to everything else.
/// </summary>
internal sealed class ProviderHandler(IOptionsMonitor<ProviderHandlerOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : OAuthHandler<ProviderHandlerOptions>(options, logger, encoder)
{
    private bool _isCalled;

    /// <summary>Finishes what the provider sent the browser back with.</summary>
    public Task<bool> HandleCallbackAsync()
    {
        _isCalled = true;
        return HandleRequestAsync();
    }

    public override Task<bool> ShouldHandleRequestAsync() => Task.FromResult(_isCalled);

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri) =>
        base.BuildChallengeUrl(properties, Options.CallbackUrl ?? redirectUri);

    protected override Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context) =>
        base.ExchangeCodeAsync(new OAuthCodeExchangeContext(context.Properties, context.Code, Options.CallbackUrl ?? context.RedirectUri));
}
