namespace Platform.Api.Auth.OAuth;

/// <summary>One provider, by its name; without a client id it is not offered.</summary>
internal sealed class SignInProviderOptions
{
    /// <summary>What the provider knows this installation by (<c>GITHUB_CLIENT_ID</c>, <c>GOOGLE_CLIENT_ID</c>).</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret that belongs to it (<c>GITHUB_CLIENT_SECRET</c>, <c>GOOGLE_CLIENT_SECRET</c>).</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The callback as it is registered at the provider (<c>GITHUB_CALLBACK_URL</c>, <c>GOOGLE_CALLBACK_URL</c>); null: the address the request came to.</summary>
    public Uri? CallbackUrl { get; set; }

    /// <summary>Where people say yes.</summary>
    public Uri? AuthorizeUrl { get; set; }

    /// <summary>Where a code is taken for a token.</summary>
    public Uri? TokenUrl { get; set; }

    /// <summary>Where the token tells who it is; GitHub's is <c>GitHub:ApiUrl</c>.</summary>
    public Uri? UserInfoUrl { get; set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(ClientId);

    public static SignInProviderOptions Read(IConfiguration configuration, SignInProvider provider)
    {
        var options = provider == SignInProvider.GitHub
            ? new SignInProviderOptions
            {
                AuthorizeUrl = new Uri("https://github.com/login/oauth/authorize"),
                TokenUrl = new Uri("https://github.com/login/oauth/access_token"),
            }
            : new SignInProviderOptions
            {
                AuthorizeUrl = new Uri("https://accounts.google.com/o/oauth2/v2/auth"),
                TokenUrl = new Uri("https://oauth2.googleapis.com/token"),
                UserInfoUrl = new Uri("https://www.googleapis.com/oauth2/v3/userinfo"),
            };
        configuration.GetSection(provider.Section).Bind(options);
        return options;
    }
}
