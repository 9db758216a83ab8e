using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution;

/// <summary>How this instance takes requests to run code.</summary>
internal sealed class ExecutionOptions
{
    public const string SectionName = "Execution";

    /// <summary>The catalogue of languages; a relative path starts at the program's folder.</summary>
    [Required]
    public string Languages { get; set; } = "languages.yaml";

    /// <summary>Runs of this instance that run or wait for their turn; more are answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 200;

    /// <summary>Runs of this instance that are in the queue or with a worker at a time.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 32;

    /// <summary>Of these, so many of one account or address.</summary>
    [Range(1, 10_000)]
    public int MaxInFlightPerOwner { get; set; } = 8;

    /// <summary>Runs of one account or address that wait for their turn.</summary>
    [Range(0, 100_000)]
    public int MaxWaitingPerOwner { get; set; } = 100;

    /// <summary>How long a run waits for its turn before it is answered 429.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

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

    /// <summary>How long a worker may take to end a run that was taken back.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CancelTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of source code, of all files together.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int MaxCodeBytes { get; set; } = 1024 * 1024;

    /// <summary>Files of a program.</summary>
    [Range(1, 10_000)]
    public int MaxFiles { get; set; } = 200;

    /// <summary>Bytes of standard input.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int MaxStdinBytes { get; set; } = 1024 * 1024;

    /// <summary>Arguments, and as many variables.</summary>
    [Range(0, 1024)]
    public int MaxArguments { get; set; } = 256;

    /// <summary>Bytes of all arguments together, and of all variables: also the most that the kernel takes in one.</summary>
    [Range(1, 128 * 1024)]
    public int MaxArgumentBytes { get; set; } = 128 * 1024;

    /// <summary>Tests of one request.</summary>
    [Range(1, 1000)]
    public int MaxTests { get; set; } = 100;

    /// <summary>Bytes of the inputs and expected outputs of all tests together.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int MaxTestBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Bytes of each output of a test that the answer carries; the comparison sees all of it.</summary>
    [Range(0, 1024 * 1024)]
    public int TestOutputBytes { get; set; } = 16 * 1024;

    /// <summary>Whether somebody who is not signed in may run code, within the rate limit for it.</summary>
    public bool AllowAnonymous { get; set; } = true;
}
