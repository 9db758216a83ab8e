using System.Globalization;
using Npgsql;

namespace Platform.ServiceDefaults.Configuration;

/// <summary>Store addresses written as URLs, as connection strings of the clients.</summary>
internal static class StoreUrls
{
    /// <summary><c>postgres://user:password@host:port/database?sslmode=require</c>; a connection string passes as it is.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static string ToPostgres(string value)
    {
        if (!value.Contains("://", StringComparison.Ordinal)) return value;
        var uri = Parse(value, "postgres", "postgresql");
        var (user, password) = Credentials(uri);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = user,
            Password = password,
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var text = Uri.UnescapeDataString(parts.Length == 2 ? parts[1] : "");
            if (parts[0] == "sslmode") builder.SslMode = ToSslMode(text);
            else if (parts[0] == "application_name") builder.ApplicationName = text;
            else if (parts[0] == "connect_timeout") builder.Timeout = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return builder.ConnectionString;
    }

    /// <summary><c>redis://:password@host:port/0</c>, <c>rediss://</c> with TLS; a connection string passes as it is.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static string ToRedis(string value)
    {
        if (!value.Contains("://", StringComparison.Ordinal)) return value;
        var uri = Parse(value, "redis", "rediss");
        var (_, password) = Credentials(uri);
        var port = uri.Port > 0 ? uri.Port : 6379;
        var options = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{port}") };
        if (password is not null) options.Add($"password={password}");
        if (uri.AbsolutePath.TrimStart('/') is { Length: > 0 } database)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"defaultDatabase={int.Parse(database, NumberStyles.None, CultureInfo.InvariantCulture)}"));
        if (uri.Scheme == "rediss") options.Add("ssl=true");
        return string.Join(',', options);
    }

    private static Uri Parse(string value, params string[] schemes) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0 ? uri : throw new FormatException();

    private static (string? User, string? Password) Credentials(Uri uri)
    {
        if (uri.UserInfo.Length == 0) return (null, null);
        var parts = uri.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null);
    }

    private static SslMode ToSslMode(string text) => text switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new FormatException(),
    };
}
