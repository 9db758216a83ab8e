namespace Platform.Core.Data.Entities;

/// <summary>One move of a project's production pointer.</summary>
public sealed class ProductionChange
{
    public Guid Id { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>What production points to since then.</summary>
    public Guid DeploymentId { get; set; }

    /// <summary>What it pointed to before; its hashed assets stay reachable for a while.</summary>
    public Guid? PreviousDeploymentId { get; set; }

    /// <summary>Who moved it; null when a deployment did by finishing.</summary>
    public Guid? UserId { get; set; }

    /// <summary>One of <see cref="ProductionChangeReason"/>.</summary>
    public required string Reason { get; set; }

    /// <summary>The project's environment that a rollback replaced, encrypted; so that it is not lost.</summary>
    public string? ReplacedEnvVars { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Why production moved.</summary>
public static class ProductionChangeReason
{
    public const string Deploy = "deploy";
    public const string Promote = "promote";
    public const string Rollback = "rollback";
    public const string Resume = "resume";

    public static IReadOnlyList<string> All { get; } = [Deploy, Promote, Rollback, Resume];
}
