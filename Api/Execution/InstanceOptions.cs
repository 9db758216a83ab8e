namespace Platform.Api.Execution;

/// <summary>This instance of the Api among several.</summary>
internal sealed class InstanceOptions
{
    public const string SectionName = "Api";

    /// <summary>The address at which workers reach exactly this instance, not a balancer. Null: the first address that it listens on.</summary>
    public Uri? InstanceUrl { get; set; }
}
