namespace Platform.Web.Spa;

/// <summary>What the single-page application is told when it starts.</summary>
internal sealed class SpaOptions
{
    public const string SectionName = "Spa";

    /// <summary>Address of the Api as browsers reach it.</summary>
    public string ApiBaseUrl { get; set; } = "http://localhost:8081";
}
