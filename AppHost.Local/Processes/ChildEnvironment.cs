using System.Collections;
using Platform.AppHost.Local.Logs;

namespace Platform.AppHost.Local.Processes;

/// <summary>What of the host's environment a child inherits.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] MinimalNames = ["PATH", "LANG", "LC_ALL", "TZ"];

    // Set for the host itself or for its stores: a child gets its own through the model, or none.
    private static readonly string[] HostOnlyPrefixes =
    [
        "ConnectionStrings__", "Parameters__", "ASPNETCORE_", "DOTNET_", "ASPIRE_", "services__", "OTEL_", "PG", "MSBuild", "VSTEST_", "NUGET_",
    ];

    private static readonly string[] HostOnlyNames = ["DATABASE_URL", "REDIS_URL", "MONGODB_URI", "SSH_AUTH_SOCK", "DATA_DIR", "PWD", "OLDPWD", "SHLVL", "_"];

    // Names with a prefix of the list above that a .NET child needs or an operator sets on purpose.
    private static readonly string[] AlwaysInherited =
        ["DOTNET_ROOT", "DOTNET_GCHeapHardLimit", "DOTNET_gcServer", "DOTNET_TieredPGO", "DOTNET_EnableDiagnostics", "NUGET_PACKAGES"];

    /// <summary>For programs that need nothing of ours.</summary>
    public static Dictionary<string, string> Minimal()
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in MinimalNames)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) result[name] = value;
        }

        return result;
    }

    /// <summary>For the projects: settings pass, secrets do not; the model gives each process those that are its own.</summary>
    public static Dictionary<string, string> Inherited() => Filter(Environment.GetEnvironmentVariables());

    internal static Dictionary<string, string> Filter(IDictionary variables)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in variables)
        {
            if (entry is { Key: string name, Value: string value } && IsInherited(name)) result[name] = value;
        }

        return result;
    }

    private static bool IsInherited(string name) =>
        AlwaysInherited.Contains(name, StringComparer.Ordinal)
        || (!HostOnlyNames.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !HostOnlyPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            && !SecretMasker.IsSecretName(name));
}
