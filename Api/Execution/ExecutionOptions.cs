using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution;

/// <summary>How this instance takes requests to run code.</summary>
internal sealed class ExecutionOptions
{
    public const string SectionName = "Execution";

    /// <summary>The catalogue of languages; a relative path starts at the program's folder.</summary>
    [Required]
    public string Languages { get; set; } = "languages.yaml";

    /// <summary>Runs that wait for their end on this instance; more are answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 100;

    /// <summary>
    /// How long a run waits for a worker before it is given up, when no worker has been heard of for as long. Longer than the lease of a job:
    /// a worker may die between taking it and connecting.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a run waits at most while workers are busy with others.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a run whose worker was lost waits for the next one: longer than the lease of a job.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of source code.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int MaxCodeBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of standard input.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int MaxStdinBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of all arguments together.</summary>
    [Range(1, 192 * 1024)]
    public int MaxArgumentBytes { get; set; } = 128 * 1024;

    /// <summary>Whether somebody who is not signed in may run code, within the rate limit for it.</summary>
    public bool AllowAnonymous { get; set; } = true;
}
