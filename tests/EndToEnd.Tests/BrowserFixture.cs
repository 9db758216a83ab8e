using Microsoft.Playwright;

namespace Platform.EndToEnd.Tests;

/// <summary>The platform and one Chromium for all tests; each test opens a context of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // How busy the machine is decides no test.
    private const int PatienceMs = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public PlatformFixture Platform { get; } = new();

    public async Task InitializeAsync()
    {
        await Platform.InitializeAsync();
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            // The distribution's browser: the one that Playwright would download may be out of reach.
            ExecutablePath = Environment.GetEnvironmentVariable("PLATFORM_CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Platform.DisposeAsync();
    }

    /// <summary>A page in a fresh context, so that nobody is signed in.</summary>
    public async Task<IPage> NewPageAsync(ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Platform.Web.ToString(),
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = 1280, Height = 800 },
        });
        context.SetDefaultTimeout(PatienceMs);
        return await context.NewPageAsync();
    }

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    /// <summary>A page of a new account.</summary>
    public async Task<IPage> NewSignedInPageAsync(ColorScheme scheme = ColorScheme.Light)
    {
        var page = await NewPageAsync(scheme);
        await page.SignUpAsync(Platform.Api, NewEmail());
        return page;
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
