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

    /// <summary>Sandboxes that are started at a time, for the pool and beside it.</summary>
    [Range(1, 64)]
    public int StartConcurrency { get; set; } = 2;

    /// <summary>Ready sandboxes per language instead of the catalogue's number; 0 switches pools off.</summary>
    [Range(0, 256)]
    public int? PoolSize { get; set; }

    /// <summary>How long a sandbox may take until its supervisor says that it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Cores a sandbox may use.</summary>
    [Range(0.1, 64)]
    public double Cpus { get; set; } = 1;

    /// <summary>How long the waiting Api instance may take to answer a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
