using System.ComponentModel.DataAnnotations;

namespace Platform.Core.Containers;

/// <summary>Which container engine is used, and how.</summary>
public sealed class ContainerOptions
{
    public const string SectionName = "Containers";

    /// <summary>The adapter: <c>docker-dotnet</c> or <c>engine-api</c>. Null: the packaged one where it exists, else the built-in one.</summary>
    public string? Engine { get; set; }

    /// <summary>The engine's address: <c>unix:///path</c> or <c>tcp://host:port</c>. Null: <c>DOCKER_HOST</c>, else Docker's own socket.</summary>
    public string? Endpoint { get; set; }

    /// <summary>How long the engine may take for one call that ends by itself (not wait, attach, copy or build).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Value of <see cref="ContainerLabels.Platform"/>: several platforms on one engine each see their own containers only.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
    public string Platform { get; set; } = "autostack";

    /// <summary>Where live worker processes hold their names; the same for all workers of one machine. Null: a folder of the system's temporary one.</summary>
    public string? LockDirectory { get; set; }

    /// <summary>How often containers of dead workers are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReapInterval { get; set; } = TimeSpan.FromSeconds(30);
}
