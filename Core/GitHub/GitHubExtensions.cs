using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Core.GitHub.Rest;

namespace Platform.Core.GitHub;

/// <summary>Registration of the client of GitHub.</summary>
public static class GitHubExtensions
{
    internal const string BuiltIn = "rest";

    /// <summary>The client that <c>GitHub:Engine</c> names.</summary>
    public static IServiceCollection AddGitHubClient(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<GitHubOptions>()
            .BindConfiguration(GitHubOptions.SectionName)
            .ValidateDataAnnotations()
            .Validate(Known, Message)
            .Validate(options => options.ApiUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" }, "GitHub:ApiUrl must be an http or https address.")
            .Validate(options => options.WebhookUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "GITHUB_WEBHOOK_URL (GitHub:WebhookUrl) must be an http or https address.")
            .ValidateOnStart();
        services.AddHttpClient(RestGitHubClient.ClientName)
            // A redirect that HttpClient follows by itself loses the token.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .AddHttpMessageHandler(provider => new ConditionalRequests(provider.GetRequiredService<GitHubAnswers>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<GitHubAnswers>();
        services.TryAddSingleton<RestGitHubClient>();
        services.TryAddSingleton<IGitHubClient>(provider => Name(provider.GetRequiredService<IOptions<GitHubOptions>>().Value) == BuiltIn
            ? provider.GetRequiredService<RestGitHubClient>()
            : PackagedGitHubClient.Create(provider));
        return services;
    }

    /// <summary>The GitHub App that configuration names, and the tokens of connected accounts.</summary>
    public static IServiceCollection AddGitHubApp(this IServiceCollection services)
    {
        services.AddOptions<GitHubAppOptions>()
            .BindConfiguration(GitHubAppOptions.SectionName)
            .Validate(options => options.HasReadableKey(), "GITHUB_APP_PRIVATE_KEY (GitHubApp:PrivateKey) must be an RSA key in PEM.")
            .ValidateOnStart();
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GitHubAppTokens>();
        services.TryAddSingleton<GitHubTokens>();
        services.AddHttpClient(GitHubAppUserTokens.ClientName)
            .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(15))
            // A redirect that is followed takes the secret along.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.TryAddSingleton<GitHubAppUserTokens>();
        services.TryAddSingleton<GitHubConnections>();
        return services;
    }

    private static string Message =>
        $"GitHub:Engine must be '{BuiltIn}'{(PackagedGitHubClient.Name is { } packaged ? $" or '{packaged}'" : " (others need the full package set)")}.";

    private static string Name(GitHubOptions options) =>
        string.IsNullOrWhiteSpace(options.Engine) ? PackagedGitHubClient.Name ?? BuiltIn : options.Engine;

    private static bool Known(GitHubOptions options) => Name(options) is var name && (name == BuiltIn || name == PackagedGitHubClient.Name);
}
