namespace Platform.Core.Containers;

/// <summary>The engine's version and abilities.</summary>
/// <param name="Version">Engine version.</param>
/// <param name="ApiVersion">Negotiated version of its API.</param>
/// <param name="CgroupVersion">1 or 2.</param>
/// <param name="Runtimes">Names of its runtimes.</param>
public sealed record EngineInfo(string Version, string ApiVersion, int CgroupVersion, IReadOnlyList<string> Runtimes);

/// <summary>Size of a terminal in characters.</summary>
public sealed record TerminalSize(int Columns, int Rows);

/// <summary>Another process in a running container.</summary>
public sealed record ExecSpec
{
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingDirectory { get; init; }

    /// <summary>Null: the container's.</summary>
    public string? User { get; init; }

    public bool Tty { get; init; }

    /// <summary>First size of the terminal.</summary>
    public TerminalSize? Size { get; init; }

    public bool OpenStdin { get; init; }
}

/// <summary>How a container's main process ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n after signal n.</param>
/// <param name="OutOfMemory">The kernel killed something in it for its memory limit.</param>
public sealed record ContainerExit(int ExitCode, bool OutOfMemory);

/// <summary>One sample of resource use.</summary>
/// <param name="MemoryBytes">In use now.</param>
/// <param name="MemoryPeakBytes">Most ever in use; 0 when the engine does not tell (cgroup v2).</param>
/// <param name="CpuTime">Since the start.</param>
/// <param name="Pids">Processes and threads.</param>
public sealed record ContainerStats(long MemoryBytes, long MemoryPeakBytes, TimeSpan CpuTime, int Pids);

/// <summary>State of a container.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Running">Its main process runs.</param>
/// <param name="ExitCode">When it has ended.</param>
/// <param name="OutOfMemory">The kernel killed something in it for its memory limit.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ContainerState(string Id, bool Running, int? ExitCode, bool OutOfMemory, IReadOnlyDictionary<string, string> Labels);

/// <summary>An entry of a list of containers.</summary>
public sealed record ContainerSummary(string Id, string Image, bool Running, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Labels);

/// <summary>An image to build.</summary>
public sealed record ImageBuild
{
    /// <summary>Names it gets: <c>repository:tag</c>.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Dockerfile inside the context.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";
}

/// <summary>An entry of a list of images.</summary>
public sealed record ImageSummary(string Id, IReadOnlyList<string> Tags, long SizeBytes, IReadOnlyDictionary<string, string> Labels);

/// <summary>A bridge network to create.</summary>
public sealed record NetworkSpec
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Without a way out of the host; containers still reach each other and the gateway.</summary>
    public bool Internal { get; init; }

    /// <summary>CIDR; null: chosen by the engine.</summary>
    public string? Subnet { get; init; }

    /// <summary>Options of the bridge driver (<c>com.docker.network.bridge.enable_icc</c>).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>An entry of a list of networks.</summary>
public sealed record NetworkSummary(string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Labels);
