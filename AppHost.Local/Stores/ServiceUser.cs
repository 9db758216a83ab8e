namespace Platform.AppHost.Local.Stores;

/// <summary>The account a store runs under.</summary>
internal static class ServiceUser
{
    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>The first of the accounts that exists, or null when the host is unprivileged itself: then the store runs as the host does.</summary>
    public static string? Choose(string preferred)
    {
        if (!IsRoot) return null;

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return accounts.Contains(preferred) ? preferred : "nobody";
    }
}
