namespace Platform.Api.GitHub;

internal static class GitHubFeature
{
    /// <summary>Needs the accounts, which bring the client of GitHub and what is known about the App.</summary>
    public static IHostApplicationBuilder AddGitHub(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(GitHubAppAuthorization.ClientName)
            .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(15))
            // A redirect that is followed takes the secret along.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        builder.Services.AddSingleton<GitHubAppAuthorization>();
        builder.Services.AddSingleton<InstallationState>();
        builder.Services.AddScoped<InstallationService>();
        return builder;
    }
}
