namespace Platform.Core.Data.Entities;

/// <summary>Requests to a site in one hour.</summary>
public sealed class SiteTraffic
{
    public Guid ProjectId { get; set; }

    /// <summary>Start of the hour.</summary>
    public DateTimeOffset Hour { get; set; }

    public long Requests { get; set; }

    /// <summary>Bytes of bodies.</summary>
    public long Bytes { get; set; }

    public long Status2xx { get; set; }

    public long Status3xx { get; set; }

    public long Status4xx { get; set; }

    public long Status5xx { get; set; }
}

/// <summary>Requests to one file of a site in one day; only the most asked-for files are counted.</summary>
public sealed class SiteTrafficPath
{
    public Guid ProjectId { get; set; }

    public DateOnly Day { get; set; }

    public required string Path { get; set; }

    public long Requests { get; set; }
}
