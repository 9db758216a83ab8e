using System.ComponentModel.DataAnnotations;

namespace Platform.ExecutionWorker;

/// <summary>How this worker runs code.</summary>
internal sealed class ExecutionWorkerOptions
{
    public const string SectionName = "Execution";

    /// <summary>The catalogue of languages; a relative path starts at the program's folder.</summary>
    [Required]
    public string Languages { get; set; } = "languages.yaml";

    /// <summary>Runs at a time. They may wait or be busy: more than the cores, less than the memory allows.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 8;

    /// <summary>Sandboxes that are started at a time for runs that found their pool empty, and as many again for the pools.</summary>
    [Range(1, 64)]
    public int StartConcurrency { get; set; } = 2;

    /// <summary>Ready sandboxes per language, always, instead of the catalogue's number and of any adaptation; 0 switches pools off.</summary>
    [Range(0, 256)]
    public int? PoolSize { get; set; }

    /// <summary>The most ready sandboxes of one language, however much it is asked for.</summary>
    [Range(1, 256)]
    public int PoolMax { get; set; } = 8;

    /// <summary>Sandboxes per language with a pool that are created and not started, for runs that find the pool empty; never more than shall be ready.</summary>
    [Range(0, 64)]
    public int PoolReserve { get; set; } = 2;

    /// <summary>Megabytes that all ready sandboxes together may take; each counts with <see cref="Pools.PoolPlan.IdleMegabytes"/>.</summary>
    [Range(16, 1_048_576)]
    public int PoolMemoryMegabytes { get; set; } = 512;

    /// <summary>How long a sandbox may take until its supervisor says that it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Cores a sandbox may use.</summary>
    [Range(0.1, 64)]
    public double Cpus { get; set; } = 1;

    /// <summary>How long the waiting Api instance may take to answer a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker that is told to stop lets its runs come to their end before it gives them back to the queue.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The engine's runtime of all sandboxes (<c>runc</c>, <c>runsc</c> for gVisor); null: the engine's default.</summary>
    public string? Runtime { get; set; }

    /// <summary>Runtimes of single languages, by their id; an empty one is the engine's default.</summary>
    public Dictionary<string, string> Runtimes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the Dockerfiles lie; a relative path starts at the installation's folder. Images that are missing are built from here.</summary>
    [Required]
    public string ImageSources { get; set; } = "images";

    /// <summary>Build the image of a language that somebody asks for and that is not there.</summary>
    public bool BuildImages { get; set; } = true;

    /// <summary>How long the build of one image may take.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "02:00:00")]
    public TimeSpan ImageBuildTimeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How often this worker looks for containers of its own that it does not know.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LeakInterval { get; set; } = TimeSpan.FromSeconds(15);
}
