using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http.Features;
using Platform.Core.GitHub;

namespace Platform.Api.Auth.OAuth;

/// <summary>What happens at the stations of a sign-in at a provider.</summary>
internal sealed partial class ProviderEvents(ProviderProfiles profiles, ProviderSignIn signIn, ReturnAddresses addresses, ILogger<ProviderEvents> logger) : OAuthEvents
{
    public override Task RedirectToAuthorizationEndpoint(RedirectContext<OAuthOptions> context)
    {
        // A page that asked by fetch cannot follow a redirect to another host; it gets the address.
        if (context.Properties.GetParameter<AuthorizationAddress>(nameof(AuthorizationAddress)) is { } wanted) wanted.Value = context.RedirectUri;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    public override async Task CreatingTicket(OAuthCreatingTicketContext context)
    {
        var provider = SignInProvider.Find(context.Scheme.Name) ?? throw new InvalidOperationException("The scheme is no provider.");
        // Checked by the handler before it comes here.
        var identity = await profiles.ReadAsync(
            provider, context.AccessToken!, context.Backchannel, context.Options.UserInformationEndpoint, context.HttpContext.RequestAborted);
        context.HttpContext.Features.Set(identity with { GrantedScopes = Scopes(context.TokenResponse) });
    }

    private static string? Scopes(OAuthTokenResponse response) =>
        response.Response?.RootElement.TryGetProperty("scope", out var scope) == true && scope.ValueKind == JsonValueKind.String && scope.GetString() is { Length: <= 255 } text ? text : null;

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var identity = context.HttpContext.Features.GetRequiredFeature<ExternalIdentity>();
        var properties = context.Properties ?? throw new InvalidOperationException("A ticket of a provider has properties.");
        var target = await signIn.FinishAsync(identity, properties, context.ReturnUri, context.HttpContext);
        context.Response.Redirect(target);
        context.HandleResponse();
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.Response.Redirect(Failure(OAuthErrors.Denied, context.Properties));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        // Without properties the state was not ours; with those of another browser the cookie was missing.
        var provider = context.Failure is not null && IsProviders(context);
        var code = provider ? OAuthErrors.Failed : OAuthErrors.StateInvalid;
        // The message may hold what the provider answered, which is not ours to keep.
        Log.Failed(logger, context.Scheme.Name, code, context.Failure?.GetType().Name);
        context.Response.Redirect(Failure(code, context.Properties));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static bool IsProviders(RemoteFailureContext context) =>
        context.Properties is not null && !context.Failure!.Message.StartsWith("Correlation failed", StringComparison.Ordinal)
        || context.Failure is HttpRequestException or GitHubException or JsonException or TaskCanceledException;

    private string Failure(string code, AuthenticationProperties? properties) =>
        properties is not null && ProviderSignIn.IsLinking(properties) && properties.RedirectUri is { } back
            ? ReturnAddresses.With(back, "error", code)
            : addresses.Login(code);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A sign-in by {Provider} failed: {Code} ({Kind})")]
        public static partial void Failed(ILogger logger, string provider, string code, string? kind);
    }
}

/// <summary>Takes the address that a browser would have been redirected to.</summary>
internal sealed class AuthorizationAddress
{
    public string? Value { get; set; }
}
