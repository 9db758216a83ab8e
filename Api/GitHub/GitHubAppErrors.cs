namespace Platform.Api.GitHub;

/// <summary>Why an installation was not connected: codes in the address of the front end's page.</summary>
internal static class GitHubAppErrors
{
    public const string StateInvalid = "GITHUB_APP_STATE_INVALID";
    public const string NotFound = "GITHUB_APP_INSTALLATION_NOT_FOUND";
    public const string NotYours = "GITHUB_APP_INSTALLATION_NOT_YOURS";
    public const string Failed = "GITHUB_APP_FAILED";
}
