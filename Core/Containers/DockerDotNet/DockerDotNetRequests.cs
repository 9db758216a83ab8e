using Docker.DotNet.Models;

namespace Platform.Core.Containers.DockerDotNet;

/// <summary>The platform's terms as the package's models, and back.</summary>
internal static class DockerDotNetRequests
{
    public static CreateContainerParameters Create(ContainerSpec spec) => new()
    {
        Name = spec.Name,
        Image = spec.Image,
        Entrypoint = spec.Entrypoint is { } entrypoint ? [.. entrypoint] : null,
        Cmd = spec.Command is { } command ? [.. command] : null,
        Env = Variables(spec.Environment),
        WorkingDir = spec.WorkingDirectory,
        User = spec.User,
        Labels = new Dictionary<string, string>(spec.Labels),
        Tty = spec.Tty,
        OpenStdin = spec.OpenStdin,
        // Only so does the process see the end of its input when the attached side closes it.
        StdinOnce = spec.OpenStdin,
        AttachStdin = spec.OpenStdin,
        AttachStdout = true,
        AttachStderr = true,
        HostConfig = Host(spec),
    };

    public static ContainerUpdateParameters Update(ContainerLimits limits) => new()
    {
        // Zero is not sent.
        Memory = limits.Memory ?? 0,
        MemorySwap = limits.Memory ?? 0,
        PidsLimit = limits.Pids,
    };

    public static ContainerExecCreateParameters Exec(ExecSpec spec) => new()
    {
        Cmd = [.. spec.Command],
        Env = Variables(spec.Environment),
        WorkingDir = spec.WorkingDirectory,
        User = spec.User,
        Tty = spec.Tty,
        AttachStdin = spec.OpenStdin,
        AttachStdout = true,
        AttachStderr = true,
    };

    public static ContainerResizeParameters Resize(TerminalSize size) => new() { Height = size.Rows, Width = size.Columns };

    public static ImageBuildParameters Build(ImageBuild build) => new()
    {
        Tags = [.. build.Tags],
        Dockerfile = build.Dockerfile,
        BuildArgs = new Dictionary<string, string>(build.Arguments),
        Labels = new Dictionary<string, string>(build.Labels),
        Remove = true,
        ForceRemove = true,
    };

    public static NetworksCreateParameters Network(NetworkSpec spec) => new()
    {
        Name = spec.Name,
        Driver = "bridge",
        Internal = spec.Internal,
        CheckDuplicate = true,
        IPAM = spec.Subnet is { } subnet ? new IPAM { Config = [new IPAMConfig { Subnet = subnet }] } : null,
        Options = new Dictionary<string, string>(spec.Options),
        Labels = new Dictionary<string, string>(spec.Labels),
    };

    public static IDictionary<string, IDictionary<string, bool>> LabelFilter(IReadOnlyDictionary<string, string> labels) =>
        new Dictionary<string, IDictionary<string, bool>> { ["label"] = labels.ToDictionary(pair => $"{pair.Key}={pair.Value}", _ => true) };

    public static ContainerStats Stats(ContainerStatsResponse? stats)
    {
        var memory = stats?.MemoryStats;
        var usage = (long)(memory?.Usage ?? 0);
        var cache = memory?.Stats is { } detail && (detail.TryGetValue("total_inactive_file", out var inactive) || detail.TryGetValue("inactive_file", out inactive)) ? (long)inactive : 0;
        var cpu = TimeSpan.FromTicks((long)(stats?.CPUStats?.CPUUsage?.TotalUsage ?? 0) / TimeSpan.NanosecondsPerTick);
        return new ContainerStats(Math.Max(0, usage - cache), (long)(memory?.MaxUsage ?? 0), cpu, (int)(stats?.PidsStats?.Current ?? 0));
    }

    public static IReadOnlyDictionary<string, string> Labels(IDictionary<string, string>? labels) => labels is null ? new Dictionary<string, string>() : labels.AsReadOnly();

    public static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at.Kind == DateTimeKind.Local ? at.ToUniversalTime() : at, DateTimeKind.Utc));

    private static List<string> Variables(IReadOnlyDictionary<string, string> environment) => [.. environment.Select(pair => $"{pair.Key}={pair.Value}")];

    private static HostConfig Host(ContainerSpec spec) => new()
    {
        NetworkMode = spec.Network,
        DNS = [.. spec.Dns],
        ReadonlyRootfs = spec.ReadOnlyRoot,
        Tmpfs = new Dictionary<string, string>(spec.Tmpfs),
        Mounts = [.. spec.Mounts.Select(mount => new Mount
        {
            Type = mount.IsVolume ? "volume" : "bind",
            Source = mount.Source,
            Target = mount.Target,
            ReadOnly = mount.ReadOnly,
        })],
        CapDrop = ["ALL"],
        CapAdd = [.. spec.Capabilities],
        SecurityOpt = spec.SeccompProfile is { } profile ? ["no-new-privileges:true", "seccomp=" + profile] : ["no-new-privileges:true"],
        LogConfig = spec.KeepLogs
            ? new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "1" } }
            : new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
        Ulimits = [.. spec.Limits.Ulimits.Select(pair => new Ulimit { Name = pair.Key, Soft = pair.Value, Hard = pair.Value })],
        IpcMode = "private",
        Runtime = spec.Runtime,
        Memory = spec.Limits.Memory ?? 0,
        // Memory and swap together: the same value leaves no swap.
        MemorySwap = spec.Limits.Memory ?? 0,
        NanoCPUs = spec.Limits.Cpus is { } cpus ? (long)(cpus * 1_000_000_000) : 0,
        PidsLimit = spec.Limits.Pids,
        ShmSize = spec.Limits.SharedMemory ?? 0,
    };
}
