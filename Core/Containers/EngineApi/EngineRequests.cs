using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Platform.Core.Containers.EngineApi;

/// <summary>The platform's terms as requests of the engine.</summary>
internal static class EngineRequests
{
    public static ContainerCreation Create(ContainerSpec spec) => new(
        spec.Image,
        spec.Entrypoint,
        spec.Command,
        Variables(spec.Environment),
        spec.WorkingDirectory,
        spec.User,
        spec.Labels,
        spec.Tty,
        spec.OpenStdin,
        // Only so does the process see the end of its input when the attached side closes it.
        StdinOnce: spec.OpenStdin,
        AttachStdin: spec.OpenStdin,
        AttachStdout: true,
        AttachStderr: true,
        Host(spec));

    public static IEnumerable<string> Variables(IReadOnlyDictionary<string, string> environment) => environment.Select(pair => $"{pair.Key}={pair.Value}");

    /// <summary>An id or name as a part of a path; what could leave its place in the path is refused.</summary>
    public static string Segment(string id) => id.Length > 0 && id[0] is not ('.' or '/')
        ? Uri.EscapeDataString(id)
        : throw new ContainerEngineException(ContainerEngineError.Invalid, $"'{id}' is neither an id nor a name.");

    /// <summary>A <c>filters</c> parameter that asks for all the labels.</summary>
    public static string LabelFilter(IReadOnlyDictionary<string, string> labels)
    {
        var filter = new Dictionary<string, string[]> { ["label"] = [.. labels.Select(pair => $"{pair.Key}={pair.Value}")] };
        return Uri.EscapeDataString(JsonSerializer.Serialize(filter, EngineJson.Default.DictionaryStringStringArray));
    }

    public static string Build(ImageBuild build)
    {
        var query = new StringBuilder("build?rm=1&forcerm=1&dockerfile=").Append(Uri.EscapeDataString(build.Dockerfile));
        foreach (var tag in build.Tags) query.Append("&t=").Append(Uri.EscapeDataString(tag));
        query.Append("&buildargs=").Append(Map(build.Arguments)).Append("&labels=").Append(Map(build.Labels));
        return query.ToString();

        static string Map(IReadOnlyDictionary<string, string> map) =>
            Uri.EscapeDataString(JsonSerializer.Serialize(new Dictionary<string, string>(map), EngineJson.Default.DictionaryStringString));
    }

    public static ContainerUpdate Update(ContainerLimits limits) => new(limits.Memory, limits.Memory, limits.Pids);

    public static string Resize(string target, TerminalSize size) => string.Create(CultureInfo.InvariantCulture, $"{target}/resize?h={size.Rows}&w={size.Columns}");

    private static ContainerHostConfig Host(ContainerSpec spec) => new()
    {
        NetworkMode = spec.Network,
        Dns = spec.Dns,
        ReadonlyRootfs = spec.ReadOnlyRoot,
        Tmpfs = spec.Tmpfs,
        Mounts = spec.Mounts.Select(mount => new EngineMount(mount.IsVolume ? "volume" : "bind", mount.Source, mount.Target, mount.ReadOnly)),
        CapDrop = ["ALL"],
        CapAdd = spec.Capabilities,
        SecurityOpt = spec.SeccompProfile is { } profile ? ["no-new-privileges:true", "seccomp=" + profile] : ["no-new-privileges:true"],
        LogConfig = spec.KeepLogs
            ? new EngineLogConfig("json-file", new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "1" })
            : new EngineLogConfig("none", new Dictionary<string, string>()),
        Ulimits = spec.Limits.Ulimits.Select(pair => new EngineUlimit(pair.Key, pair.Value, pair.Value)),
        Runtime = spec.Runtime,
        Memory = spec.Limits.Memory,
        // Memory and swap together: the same value leaves no swap.
        MemorySwap = spec.Limits.Memory,
        NanoCpus = spec.Limits.Cpus is { } cpus ? (long)(cpus * 1_000_000_000) : null,
        PidsLimit = spec.Limits.Pids,
        ShmSize = spec.Limits.SharedMemory,
    };
}
