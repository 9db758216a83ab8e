using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core.Containers.EngineApi;

// The parts of the engine's JSON that are used, named as the engine names them (Docker Engine API 1.41).

internal sealed record EngineMessage([property: JsonPropertyName("message")] string? Message);

internal sealed record EngineId(string Id);

internal sealed record EngineInfoAnswer(string? ServerVersion, string? CgroupVersion, Dictionary<string, JsonElement>? Runtimes);

internal sealed record ContainerCreation(
    string Image,
    IReadOnlyList<string>? Entrypoint,
    IReadOnlyList<string>? Cmd,
    IEnumerable<string> Env,
    string? WorkingDir,
    string User,
    IReadOnlyDictionary<string, string> Labels,
    bool Tty,
    bool OpenStdin,
    bool StdinOnce,
    bool AttachStdin,
    bool AttachStdout,
    bool AttachStderr,
    ContainerHostConfig HostConfig);

internal sealed record ContainerHostConfig
{
    public required string NetworkMode { get; init; }

    public required IReadOnlyList<string> Dns { get; init; }

    public required bool ReadonlyRootfs { get; init; }

    public required IReadOnlyDictionary<string, string> Tmpfs { get; init; }

    public required IEnumerable<EngineMount> Mounts { get; init; }

    public required IReadOnlyList<string> CapDrop { get; init; }

    public required IReadOnlyList<string> CapAdd { get; init; }

    public required IReadOnlyList<string> SecurityOpt { get; init; }

    public required EngineLogConfig LogConfig { get; init; }

    public required IEnumerable<EngineUlimit> Ulimits { get; init; }

    public string IpcMode { get; init; } = "private";

    public string? Runtime { get; init; }

    public long? Memory { get; init; }

    public long? MemorySwap { get; init; }

    public long? NanoCpus { get; init; }

    public long? PidsLimit { get; init; }

    public long? ShmSize { get; init; }
}

internal sealed record ContainerUpdate(long? Memory, long? MemorySwap, long? PidsLimit);

internal sealed record EngineMount(string Type, string Source, string Target, bool ReadOnly);

internal sealed record EngineLogConfig(string Type, IReadOnlyDictionary<string, string> Config);

internal sealed record EngineUlimit(string Name, long Soft, long Hard);

internal sealed record ContainerInspection(string Id, InspectedState State, InspectedConfig Config);

internal sealed record InspectedState(string? Status, bool Running, int ExitCode, bool OOMKilled);

internal sealed record InspectedConfig(bool Tty, Dictionary<string, string>? Labels);

internal sealed record WaitAnswer(int StatusCode, WaitError? Error);

internal sealed record WaitError(string? Message);

internal sealed record ListedContainer(string Id, string? Image, string? State, long Created, Dictionary<string, string>? Labels);

internal sealed record ExecCreation(
    IReadOnlyList<string> Cmd,
    IEnumerable<string> Env,
    string? WorkingDir,
    string? User,
    bool Tty,
    bool AttachStdin,
    bool AttachStdout,
    bool AttachStderr);

internal sealed record ExecStart(bool Detach, bool Tty);

internal sealed record ExecInspection(bool Running, int? ExitCode);

internal sealed record StatsAnswer(
    [property: JsonPropertyName("memory_stats")] StatsMemory? Memory,
    [property: JsonPropertyName("cpu_stats")] StatsCpu? Cpu,
    [property: JsonPropertyName("pids_stats")] StatsPids? Pids);

internal sealed record StatsMemory(
    [property: JsonPropertyName("usage")] long Usage,
    [property: JsonPropertyName("max_usage")] long MaxUsage,
    [property: JsonPropertyName("stats")] StatsMemoryDetail? Detail);

internal sealed record StatsMemoryDetail(
    [property: JsonPropertyName("total_inactive_file")] long? TotalInactiveFile,
    [property: JsonPropertyName("inactive_file")] long? InactiveFile);

internal sealed record StatsCpu([property: JsonPropertyName("cpu_usage")] StatsCpuUsage? Usage);

internal sealed record StatsCpuUsage([property: JsonPropertyName("total_usage")] long TotalNanoseconds);

internal sealed record StatsPids([property: JsonPropertyName("current")] int Current);

internal sealed record ListedImage(string Id, List<string>? RepoTags, long Size, Dictionary<string, string>? Labels);

internal sealed record BuildOutput(
    [property: JsonPropertyName("stream")] string? Text,
    [property: JsonPropertyName("error")] string? Error);

internal sealed record NetworkCreation(
    string Name,
    string Driver,
    bool Internal,
    bool CheckDuplicate,
    NetworkIpam? IPAM,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels);

internal sealed record NetworkIpam(IReadOnlyList<NetworkPool> Config);

internal sealed record NetworkPool(string Subnet);

internal sealed record ListedNetwork(string Id, string Name, DateTimeOffset Created, Dictionary<string, string>? Labels);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(EngineId))]
[JsonSerializable(typeof(EngineInfoAnswer))]
[JsonSerializable(typeof(ContainerCreation))]
[JsonSerializable(typeof(ContainerUpdate))]
[JsonSerializable(typeof(ContainerInspection))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(List<ListedContainer>))]
[JsonSerializable(typeof(ExecCreation))]
[JsonSerializable(typeof(ExecStart))]
[JsonSerializable(typeof(ExecInspection))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(List<ListedImage>))]
[JsonSerializable(typeof(BuildOutput))]
[JsonSerializable(typeof(NetworkCreation))]
[JsonSerializable(typeof(List<ListedNetwork>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EngineJson : JsonSerializerContext;
