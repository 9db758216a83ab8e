using System.Data.Common;
using System.Globalization;

namespace Platform.AppHost;

/// <summary>Turns the URL of a store into the connection string that .NET's clients take.</summary>
internal static class StoreUrl
{
    private const int PostgresPort = 5432;
    private const int RedisPort = 6379;

    /// <summary>Leaves alone what is no URL of PostgreSQL or Redis; MongoDB's clients take its URL.</summary>
    public static string ToConnectionString(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return text;
        return url.Scheme switch
        {
            "postgres" or "postgresql" => Postgres(url),
            "redis" or "rediss" => Redis(url),
            _ => text,
        };
    }

    private static string Postgres(Uri url)
    {
        var (user, password) = Credentials(url);
        var builder = new DbConnectionStringBuilder
        {
            ["Host"] = url.Host,
            ["Port"] = url.Port > 0 ? url.Port : PostgresPort,
        };
        if (user.Length > 0) builder["Username"] = user;
        if (password.Length > 0) builder["Password"] = password;
        if (url.AbsolutePath.Length > 1) builder["Database"] = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        foreach (var (name, value) in Query(url))
        {
            // libpq's name and spelling of the one parameter that such URLs usually have.
            if (name == "sslmode") builder["SSL Mode"] = value.Replace("-", "", StringComparison.Ordinal);
            else builder[name] = value;
        }

        return builder.ConnectionString;
    }

    private static string Redis(Uri url)
    {
        var (user, password) = Credentials(url);
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{(url.Port > 0 ? url.Port : RedisPort)}") };
        // "default" is the account that a password alone logs in.
        if (user.Length > 0 && user != "default") parts.Add($"user={user}");
        if (password.Length > 0) parts.Add($"password={password}");
        if (url.AbsolutePath.Length > 1) parts.Add($"defaultDatabase={url.AbsolutePath[1..]}");
        if (url.Scheme == "rediss") parts.Add("ssl=true");
        return string.Join(',', parts);
    }

    private static (string User, string Password) Credentials(Uri url)
    {
        var parts = url.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private static IEnumerable<(string Name, string Value)> Query(Uri url) => url.Query
        .TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .Select(pair => (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])));
}
