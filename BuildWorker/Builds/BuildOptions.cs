using System.ComponentModel.DataAnnotations;

namespace Platform.BuildWorker.Builds;

/// <summary>How builds run.</summary>
internal sealed class BuildOptions
{
    public const string SectionName = "Build";

    /// <summary>Image of the build containers.</summary>
    [Required]
    public string Image { get; set; } = "autostack/build-node:latest";

    /// <summary>Versions of Node in the image, each as <c>/opt/node/&lt;major&gt;/bin/node</c>.</summary>
    [MinLength(1)]
    public string[] NodeVersions { get; set; } = [];

    /// <summary>Network of builds that install something; others have none.</summary>
    [Required]
    public string Network { get; set; } = "autostack-build";

    /// <summary>Longest build, from the checkout to the published site.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest checkout.</summary>
    public TimeSpan CheckoutTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Largest checkout in bytes.</summary>
    public long MaxSourceBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Most files of an uploaded archive.</summary>
    public int MaxSourceFiles { get; set; } = 50_000;

    /// <summary>Largest published output in bytes (<c>MAX_BUILD_SIZE</c>).</summary>
    public long MaxOutputBytes { get; set; } = 500L * 1024 * 1024;

    /// <summary>Most published files.</summary>
    public int MaxOutputFiles { get; set; } = 50_000;

    /// <summary>Disk of one build in bytes (<c>BUILD_DISK_LIMIT</c>).</summary>
    public long DiskLimitBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>What builds leave free on the disk in bytes (<c>BUILD_DISK_RESERVE</c>): below it none begins, and one that writes is ended.</summary>
    public long DiskReserveBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Files and directories of one build.</summary>
    public long MaxFiles { get; set; } = 1_000_000;

    /// <summary>How often the disk use of a running build is measured at least; it is measured sooner when the disk fills quickly.</summary>
    public TimeSpan DiskCheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Memory of one build in bytes.</summary>
    public long MemoryBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Cores of one build.</summary>
    public double Cpus { get; set; } = 2;

    /// <summary>Processes and threads of one build.</summary>
    public int Pids { get; set; } = 1024;

    /// <summary>Builds that run at the same time in this worker.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Builds of one owner that run at the same time in all workers together.</summary>
    [Range(1, 64)]
    public int ConcurrencyPerOwner { get; set; } = 2;

    /// <summary>Log lines of one build; what it prints beyond is not kept.</summary>
    public int MaxLogLines { get; set; } = 100_000;

    /// <summary>Where builds work, relative to the installation; the same path on the engine's host, which mounts it.</summary>
    [Required]
    public string WorkPath { get; set; } = ".data/builds";

    /// <summary>Where caches of builds lie, relative to the installation, on the same file system as <see cref="WorkPath"/>. Null: beside it.</summary>
    public string? CachePath { get; set; }

    /// <summary>Bytes of all caches together; the ones used longest ago go first. 0: builds leave nothing behind.</summary>
    public long CacheLimitBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Bytes of the caches of one project.</summary>
    public long CacheProjectLimitBytes { get; set; } = 3L * 1024 * 1024 * 1024;

    /// <summary>A bundle of certificates that builds trust beside their image's own; a path of the engine's host.</summary>
    public string? CaBundle { get; set; }

    /// <summary>npm registry of builds; null is npm's own.</summary>
    public string? NpmRegistry { get; set; }
}
