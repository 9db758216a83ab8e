using System.Globalization;
using Microsoft.Extensions.Configuration;
using Platform.Core;

namespace Platform.AppHost;

/// <summary>Carries the settings of the documentation (<c>DATABASE_URL</c>, <c>SMTP_PASS</c>, …) into the app model.</summary>
internal static class PlatformSettings
{
    private static readonly (string Store, string Variable)[] StoreVariables =
    [
        (ResourceNames.Database, "DATABASE_URL"),
        (ResourceNames.Redis, "REDIS_URL"),
        (ResourceNames.Documents, "MONGODB_URI"),
    ];

    // A process receives the secrets that are its own; settings that are no secrets are inherited by all.
    private static readonly Dictionary<string, string[]> SecretsOf = new()
    {
        [ResourceNames.Api] =
        [
            "REFRESH_TOKEN_SECRET", "REFRESH_TOKEN_EXPIRES_IN", "GITHUB_CLIENT_SECRET", "GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_CLIENT_SECRET", "GITHUB_WEBHOOK_SECRET",
            "GOOGLE_CLIENT_SECRET", "SMTP_PASS", "OPENAI_API_KEY", "DEMO_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        ],
        [ResourceNames.BuildWorker] =
        [
            "GITHUB_CLIENT_SECRET", "GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_CLIENT_SECRET", "GITHUB_WEBHOOK_SECRET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        ],
        [ResourceNames.ExecutionWorker] = [],
        [ResourceNames.Web] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    };

    /// <summary>Reads <c>.env</c> beside the solution, and gives the documented names the keys that the app model knows.</summary>
    public static void AddPlatformSettings(this IDistributedApplicationBuilder builder)
    {
        DotEnv.Load(Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".env")), builder.Configuration);
        foreach (var (store, variable) in StoreVariables)
        {
            if (string.IsNullOrEmpty(builder.Configuration.GetConnectionString(store)) && builder.Configuration[variable] is { Length: > 0 } url)
                builder.Configuration[$"ConnectionStrings:{store}"] = StoreUrl.ToConnectionString(url);
        }

        if (builder.Configuration["JWT_SECRET"] is { Length: > 0 } secret) builder.Configuration["Parameters:jwt-secret"] = secret;
    }

    /// <summary>The store that configuration names, or null when the platform is to start one.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? FindConfiguredStore(this IDistributedApplicationBuilder builder, string name) =>
        string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)) ? null : builder.AddConnectionString(name);

    public static int GetPort(this IDistributedApplicationBuilder builder, string setting, int fallback) =>
        GetNumber(builder, setting, fallback, 1, 65535);

    /// <summary><c>API_REPLICAS</c>: how many processes share the Api's port.</summary>
    public static int GetReplicas(this IDistributedApplicationBuilder builder, string resource) =>
        GetNumber(builder, $"{resource.ToUpperInvariant()}_REPLICAS", 1, 1, 32);

    /// <summary>Gives a project its secrets, the data directory, and what <c>.env</c> says.</summary>
    public static IResourceBuilder<ProjectResource> WithPlatformSettings(this IResourceBuilder<ProjectResource> project, string name)
    {
        var application = project.ApplicationBuilder;
        foreach (var (key, value) in DotEnv.SharedSettings(application.Configuration)) project.WithEnvironment(key, value);
        foreach (var key in SecretsOf[name])
        {
            if (application.Configuration[key] is { Length: > 0 } value) project.WithEnvironment(key, value);
        }

        // Web may have been moved to another port: its origin is the one that may call the Api, and the host of the sites.
        var web = GetPort(application, "WEB_PORT", 8080).ToString(CultureInfo.InvariantCulture);
        project.WithEnvironment("WEB_PORT", web);
        if (string.IsNullOrEmpty(application.Configuration["FRONTEND_URL"])) project.WithEnvironment("FRONTEND_URL", $"http://localhost:{web}");

        var data = application.Configuration["DATA_DIR"] is { Length: > 0 } configured ? configured : Path.Combine("..", ".data");
        return project
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", application.Environment.EnvironmentName)
            .WithEnvironment("DATA_DIR", Path.GetFullPath(data, application.AppHostDirectory));
    }

    private static int GetNumber(IDistributedApplicationBuilder builder, string setting, int fallback, int least, int most)
    {
        var text = builder.Configuration[setting];
        if (string.IsNullOrEmpty(text)) return fallback;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new DistributedApplicationException($"{setting} is '{text}'; it must be a number from {least} to {most}.");
    }
}
