using System.ComponentModel.DataAnnotations;

namespace Platform.Core.Artifacts;

/// <summary>Where published files are kept, and for how long.</summary>
public sealed class ArtifactOptions
{
    public const string SectionName = "Artifacts";

    /// <summary><c>disk</c> or <c>s3</c> (<c>ARTIFACT_STORE</c>). Empty: S3 where a bucket and its keys are configured, else the disk.</summary>
    [RegularExpression("disk|s3", ErrorMessage = "must be disk or s3.")]
    public string Store { get; set; } = "";

    /// <summary>Directory of the disk store, relative to the installation.</summary>
    [Required]
    public string Path { get; set; } = ".data/artifacts";

    /// <summary>
    /// Content that nothing refers to is removed when it was last put longer ago than this. A publication refers to its files only when it is
    /// complete, so this must be longer than a build may take.
    /// </summary>
    public TimeSpan CollectAfter { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>A bucket of Amazon S3 or of anything that speaks its protocol.</summary>
public sealed class S3Options
{
    public const string SectionName = "S3";

    /// <summary><c>S3_BUCKET</c>.</summary>
    public string Bucket { get; set; } = "";

    /// <summary><c>S3_REGION</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary><c>AWS_ACCESS_KEY_ID</c>.</summary>
    public string AccessKeyId { get; set; } = "";

    /// <summary><c>AWS_SECRET_ACCESS_KEY</c>.</summary>
    public string SecretAccessKey { get; set; } = "";

    /// <summary>Address of another service than Amazon's (<c>S3_ENDPOINT</c>); the bucket then stands in the path.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Put before every key, so that a bucket can be shared.</summary>
    public string Prefix { get; set; } = "artifacts/";

    /// <summary>A bucket and its keys are configured.</summary>
    public bool IsComplete => Bucket.Length > 0 && AccessKeyId.Length > 0 && SecretAccessKey.Length > 0;
}
