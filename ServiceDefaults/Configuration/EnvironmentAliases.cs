using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults.Configuration;

/// <summary>The environment names of the documentation and the configuration keys they stand for.</summary>
public static class EnvironmentAliases
{
    private static readonly Alias[] Aliases =
    [
        new("DATABASE_URL", "ConnectionStrings:platform", StoreUrls.ToPostgres),
        new("REDIS_URL", "ConnectionStrings:redis", StoreUrls.ToRedis),
        new("MONGODB_URI", "ConnectionStrings:documents", Same),
        new("JWT_SECRET", "Auth:JwtSecret", Same),
        new("JWT_EXPIRES_IN", "Auth:AccessTokenLifetime", Duration),
        new("REFRESH_TOKEN_SECRET", "Auth:RefreshTokenSecret", Same),
        new("REFRESH_TOKEN_EXPIRES_IN", "Auth:RefreshTokenLifetime", Duration),
        new("GITHUB_CLIENT_ID", "GitHub:ClientId", Same),
        new("GITHUB_CLIENT_SECRET", "GitHub:ClientSecret", Same),
        new("GITHUB_CALLBACK_URL", "GitHub:CallbackUrl", Same),
        new("GITHUB_WEBHOOK_SECRET", "GitHub:WebhookSecret", Same),
        new("GITHUB_WEBHOOK_URL", "GitHub:WebhookUrl", Same),
        new("GITHUB_APP_ID", "GitHubApp:AppId", Same),
        new("GITHUB_APP_SLUG", "GitHubApp:Slug", Same),
        new("GITHUB_APP_PRIVATE_KEY", "GitHubApp:PrivateKey", Same),
        new("GITHUB_APP_CLIENT_ID", "GitHubApp:ClientId", Same),
        new("GITHUB_APP_CLIENT_SECRET", "GitHubApp:ClientSecret", Same),
        new("GOOGLE_CLIENT_ID", "Google:ClientId", Same),
        new("GOOGLE_CLIENT_SECRET", "Google:ClientSecret", Same),
        new("GOOGLE_CALLBACK_URL", "Google:CallbackUrl", Same),
        new("API_TOKEN_MAX_DAYS", "ApiTokens:MaxDays", Same),
        new("SMTP_HOST", "Smtp:Host", Same),
        new("SMTP_PORT", "Smtp:Port", Same),
        new("SMTP_USER", "Smtp:User", Same),
        new("SMTP_PASS", "Smtp:Password", Same),
        new("SMTP_FROM", "Mail:From", Same),
        new("ADMIN_EMAIL", "Auth:AdminEmail", Same),
        new("APP_URL", "PublicUrls:App", Same),
        new("FRONTEND_URL", "PublicUrls:Frontend", Same),
        new("CDN_URL", "Sites:BaseUrl", Same),
        new("BUILD_TIMEOUT", "Build:Timeout", Milliseconds),
        new("MAX_BUILD_SIZE", "Build:MaxOutputBytes", Megabytes),
        new("BUILD_DISK_LIMIT", "Build:DiskLimitBytes", Megabytes),
        new("DATA_DIR", "Artifacts:Path", directory => Path.Combine(directory, "artifacts")),
        new("DATA_DIR", "Build:WorkPath", directory => Path.Combine(directory, "builds")),
        new("DATA_DIR", "Mail:OutboxPath", directory => Path.Combine(directory, "mail")),
        new("DATA_DIR", "Sources:ArchivePath", directory => Path.Combine(directory, "archives")),
        new("S3_BUCKET", "S3:Bucket", Same),
        new("S3_REGION", "S3:Region", Same),
        new("S3_ENDPOINT", "S3:Endpoint", Same),
        new("ARTIFACT_STORE", "Artifacts:Store", Same),
        new("PUBLISH_CHECK", "Publish:Check", Same),
        new("KEEP_DEPLOYMENTS", "Retention:Deployments", Same),
        new("KEEP_PROJECT_SIZE", "Retention:ProjectBytes", Megabytes),
        new("KEEP_OWNER_SIZE", "Retention:OwnerBytes", Megabytes),
        new("KEEP_ASSETS_HOURS", "Retention:AssetHours", Same),
        new("KEEP_CLOSED_PREVIEWS_HOURS", "Retention:ClosedPreviewHours", Same),
        new("SITES_NAME_SERVERS", "Sites:NameServers", Same),
        new("SITES_RESERVED_HOSTS", "Sites:ReservedHosts", Same),
        new("AWS_ACCESS_KEY_ID", "S3:AccessKeyId", Same),
        new("AWS_SECRET_ACCESS_KEY", "S3:SecretAccessKey", Same),
        new("OPENAI_API_KEY", "OpenAi:ApiKey", Same),
        new("SEED_DEMO", "Demo:Seed", Same),
        new("DEMO_PASSWORD", "Demo:Password", Same),
    ];

    /// <summary>Every name that is honoured and the key it sets.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Names { get; } =
        [.. Aliases.Select(alias => KeyValuePair.Create(alias.Name, alias.Key))];

    /// <summary>The keys that the names in <paramref name="configuration"/> stand for.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be read; the message names the variable, never the value.</exception>
    public static Dictionary<string, string?> Translate(IConfiguration configuration)
    {
        var result = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var alias in Aliases)
        {
            if (configuration[alias.Name] is not { Length: > 0 } value) continue;
            try
            {
                result[alias.Key] = alias.Convert(value.Trim());
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                // The inner exception would carry the value, which may be a secret.
#pragma warning disable MA0054
                throw new InvalidOperationException($"{alias.Name} cannot be read. {Expected(alias)}");
#pragma warning restore MA0054
            }
        }

        return result;
    }

    /// <summary>A duration as <c>7d</c>, <c>12h</c>, <c>15m</c>, <c>30s</c>, <c>500ms</c>, or a number of seconds.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        var digits = text.Length - text.AsSpan().TrimStart("0123456789").Length;
        var number = double.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        return text[digits..].Trim() switch
        {
            "" or "s" => TimeSpan.FromSeconds(number),
            "ms" => TimeSpan.FromMilliseconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            "w" => TimeSpan.FromDays(7 * number),
            _ => throw new FormatException(),
        };
    }

    private static string Same(string value) => value;

    private static string Duration(string value) => ParseDuration(value).ToString("c", CultureInfo.InvariantCulture);

    private static string Milliseconds(string value) =>
        TimeSpan.FromMilliseconds(long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)).ToString("c", CultureInfo.InvariantCulture);

    private static string Megabytes(string value) =>
        checked(long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) * 1024 * 1024).ToString(CultureInfo.InvariantCulture);

    private static string Expected(Alias alias) => alias.Convert switch
    {
        var convert when convert == Duration => "Write a duration as 7d, 12h, 15m, 30s or a number of seconds.",
        var convert when convert == Milliseconds => "Write a number of milliseconds.",
        var convert when convert == Megabytes => "Write a number of megabytes.",
        _ => "Write a URL such as scheme://user:password@host:port/name.",
    };

    private sealed record Alias(string Name, string Key, Func<string, string> Convert);
}
