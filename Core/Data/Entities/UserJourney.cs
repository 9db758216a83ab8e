namespace Platform.Core.Data.Entities;

/// <summary>What somebody told about themselves after signing up; part of the profile.</summary>
public sealed class UserJourney
{
    public Guid UserId { get; set; }

    /// <summary>One of <see cref="UserTypes"/>.</summary>
    public string? UserType { get; set; }

    /// <summary>One of <see cref="HostingOptions"/>.</summary>
    public string? HostingOption { get; set; }

    /// <summary>One of <see cref="HostingTargets"/>; with <see cref="HostingOptions.SelfHosting"/> only.</summary>
    public string? HostingTarget { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Who somebody is.</summary>
public static class UserTypes
{
    public static IReadOnlyList<string> All { get; } = ["developer", "organization", "company"];
}

/// <summary>Who runs what is deployed.</summary>
public static class HostingOptions
{
    public const string SelfHosting = "self_hosting";
    public const string Autostack = "autostack_hosting";

    public static IReadOnlyList<string> All { get; } = [SelfHosting, Autostack];
}

/// <summary>Where those who host themselves do it.</summary>
public static class HostingTargets
{
    public const string Aws = "aws";
    public const string GitHub = "github";

    public static IReadOnlyList<string> All { get; } = [Aws, GitHub];
}
