using Platform.Api.Common.Http;
using Platform.Api.Common.Validation;
using Platform.Core.GitHub;

namespace Platform.Api.Auth.OAuth;

internal static class OAuthFeature
{
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(15);

    public static IHostApplicationBuilder AddOAuth(this IHostApplicationBuilder builder)
    {
        // At Debug the framework's handler says the address that it sends the browser to, with the state, and the cookie that goes with it.
        builder.Logging.AddFilter(typeof(ProviderHandler).FullName, LogLevel.Information);
        builder.Services.AddGitHubClient();
        builder.Services.AddGitHubApp();
        builder.Services.AddSingleton<PublicLinks>();
        builder.Services.AddSingleton<ReturnAddresses>();
        builder.Services.AddSingleton<ProviderProfiles>();
        builder.Services.AddScoped<ExternalLogins>();
        builder.Services.AddScoped<PendingLogins>();
        builder.Services.AddScoped<ProviderSignIn>();
        builder.Services.AddScoped<ProviderEvents>();
        builder.Services.AddValidator<LinkRequest, LinkRequestValidator>();

        var secure = builder.Configuration.GetValue<bool?>($"{AuthOptions.SectionName}:{nameof(AuthOptions.SecureCookies)}") ?? !builder.Environment.IsDevelopment();
        var authentication = builder.Services.AddAuthentication();
        foreach (var provider in SignInProvider.All)
        {
            var options = SignInProviderOptions.Read(builder.Configuration, provider);
            if (!options.IsConfigured) continue;
            if (string.IsNullOrWhiteSpace(options.ClientSecret))
                throw new InvalidOperationException($"{provider.Section}:ClientId is set and {provider.Section}:ClientSecret is not: set both, or none.");
            authentication.AddOAuth<ProviderHandlerOptions, ProviderHandler>(provider.Id, provider.Title, handler => Configure(handler, provider, options, secure));
        }

        return builder;
    }

    private static void Configure(ProviderHandlerOptions handler, SignInProvider provider, SignInProviderOptions options, bool secure)
    {
        handler.ClientId = options.ClientId!;
        handler.ClientSecret = options.ClientSecret!;
        handler.AuthorizationEndpoint = options.AuthorizeUrl!.AbsoluteUri;
        handler.TokenEndpoint = options.TokenUrl!.AbsoluteUri;
        handler.UserInformationEndpoint = options.UserInfoUrl?.AbsoluteUri ?? "";
        handler.CallbackPath = provider.CallbackPath;
        handler.CallbackUrl = options.CallbackUrl?.AbsoluteUri;
        handler.UsePkce = true;
        foreach (var scope in provider.Scopes) handler.Scope.Add(scope);
        // The provider sends the browser back by a link: Lax is enough, and works over http in Development.
        handler.CorrelationCookie.SameSite = SameSiteMode.Lax;
        handler.CorrelationCookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        handler.RemoteAuthenticationTimeout = ProviderSignIn.Patience;
        handler.BackchannelTimeout = ProviderTimeout;
        // A redirect that is followed takes the secret along.
        handler.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.EventsType = typeof(ProviderEvents);
        // Nothing is signed in by this; the scheme must not be the provider's own.
        handler.SignInScheme = PlatformAuthenticationHandler.SchemeName;
    }
}
