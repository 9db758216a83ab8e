namespace Platform.Web.Spa;

/// <summary>What the single-page application is told when it starts.</summary>
internal sealed class SpaOptions
{
    public const string SectionName = "Spa";

    /// <summary>Address of the Api as browsers reach it. Empty: the Api's port on <c>localhost</c>.</summary>
    public string ApiBaseUrl { get; set; } = "";
}
