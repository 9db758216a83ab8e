using System.ComponentModel.DataAnnotations;

namespace Platform.BuildWorker.Publishing;

/// <summary>How output becomes a site.</summary>
internal sealed class PublishOptions
{
    public const string SectionName = "Publish";

    /// <summary>What a site whose page names missing files means (<c>PUBLISH_CHECK</c>): fail, warn or off.</summary>
    [RegularExpression("fail|warn|off", ErrorMessage = "must be fail, warn or off.")]
    public string Check { get; set; } = "fail";

    /// <summary>Files that are compressed at the same time, over all publications of this worker. 0: all cores but one, at least two.</summary>
    [Range(0, 64)]
    public int CompressionThreads { get; set; }
}
