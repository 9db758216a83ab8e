using System.ComponentModel.DataAnnotations;

namespace Platform.BuildWorker.Builds;

/// <summary>How builds run.</summary>
internal sealed class BuildOptions
{
    public const string SectionName = "Build";

    /// <summary>Image of the build containers.</summary>
    [Required]
    public string Image { get; set; } = "autostack/build-node:latest";

    /// <summary>Network of builds that install something; others have none.</summary>
    [Required]
    public string Network { get; set; } = "autostack-build";

    /// <summary>Longest build, from the checkout to the published site.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest checkout.</summary>
    public TimeSpan CheckoutTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Largest checkout in bytes.</summary>
    public long MaxSourceBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Largest published output in bytes (<c>MAX_BUILD_SIZE</c>).</summary>
    public long MaxOutputBytes { get; set; } = 500L * 1024 * 1024;

    /// <summary>Most published files.</summary>
    public int MaxOutputFiles { get; set; } = 50_000;

    /// <summary>Disk of one build in bytes (<c>BUILD_DISK_LIMIT</c>).</summary>
    public long DiskLimitBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How often the disk use of a running build is measured.</summary>
    public TimeSpan DiskCheckInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Memory of one build in bytes.</summary>
    public long MemoryBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Cores of one build.</summary>
    public double Cpus { get; set; } = 2;

    /// <summary>Processes and threads of one build.</summary>
    public int Pids { get; set; } = 1024;

    /// <summary>Builds that run at the same time in this worker.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Log lines of one build; further output is counted, not kept.</summary>
    public int MaxLogLines { get; set; } = 100_000;

    /// <summary>Where checkouts are put while they are built, relative to the installation.</summary>
    [Required]
    public string WorkPath { get; set; } = ".data/builds";

    /// <summary>A bundle of certificates that builds trust beside their image's own; a path of the engine's host.</summary>
    public string? CaBundle { get; set; }

    /// <summary>npm registry of builds; null is npm's own.</summary>
    public string? NpmRegistry { get; set; }
}
