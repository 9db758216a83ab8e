namespace Platform.Api.Auth.OAuth;

/// <summary>Somewhere else where people can show who they are.</summary>
/// <param name="Id">Its name in routes and rows.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Section">Where its configuration stands.</param>
/// <param name="Scopes">What is asked for: who it is and the address, nothing more.</param>
internal sealed record SignInProvider(string Id, string Title, string Section, params IReadOnlyList<string> Scopes)
{
    public static SignInProvider GitHub { get; } = new("github", "GitHub", "GitHub", "user:email");

    public static SignInProvider Google { get; } = new("google", "Google", "Google", "profile", "email");

    public static IReadOnlyList<SignInProvider> All { get; } = [GitHub, Google];

    public string SignInPath => $"/api/auth/{Id}";

    public string CallbackPath => $"/api/auth/{Id}/callback";

    public static SignInProvider? Find(string? id) => All.FirstOrDefault(provider => provider.Id == id);
}
