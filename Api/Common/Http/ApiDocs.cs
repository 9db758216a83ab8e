namespace Platform.Api.Common.Http;

internal static class ApiDocs
{
    /// <summary>Where the reference page of the Api is served.</summary>
    public const string Path = "/api/docs";
}
