using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AccessibilityTests(BrowserFixture browser)
{
    private static readonly string[] PublicPages =
    [
        "/", "/login", "/signup", "/forgot-password", "/reset-password", "/verify-email", "/confirm-email#token=x", "/undo-email#token=x",
        "/invitations#token=unknown", "/no-such-page",
    ];
    private static readonly string[] SignedInPages =
    [
        "/dashboard", "/deploy", "/deploy?source=github", "/deploy?source=upload", "/deployments", "/projects", "/projects/new", "/projects/unknown",
        "/notifications", "/run", "/welcome?change=1", "/organizations", "/settings/profile", "/settings/security", "/settings/github",
        "/settings/tokens", "/settings/notifications", "/settings/appearance", "/settings/activity",
    ];

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Every_page_is_free_of_violations(ColorScheme scheme)
    {
        var page = await browser.NewPageAsync(scheme);
        foreach (var path in PublicPages) await CheckAsync(page, path);
        await page.SignUpAsync(browser.Platform.Api, BrowserFixture.NewEmail());
        foreach (var path in SignedInPages) await CheckAsync(page, path);
        foreach (var path in await page.CreateOrganizationAsync("Analytical Engines")) await CheckAsync(page, path);
    }

    [Fact]
    public async Task A_narrow_screen_needs_no_sideways_scrolling()
    {
        var page = await browser.NewPageAsync();
        await page.SetViewportSizeAsync(320, 640);
        await CheckWidthAsync(page, PublicPages);
        // Who is signed in is sent on from the public pages.
        await page.SignUpAsync(browser.Platform.Api, BrowserFixture.NewEmail());
        await CheckWidthAsync(page, [.. SignedInPages, .. await page.CreateOrganizationAsync("Analytical Engines")]);
    }

    private static async Task CheckWidthAsync(IPage page, string[] paths)
    {
        foreach (var path in paths)
        {
            await OpenAsync(page, path);
            await page.KeepPictureAsync($"{path}-narrow");
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
            overflow.ShouldBeLessThanOrEqualTo(0, path);
        }
    }

    private static async Task CheckAsync(IPage page, string path)
    {
        await OpenAsync(page, path);
        await page.CheckAccessibilityAsync(path);
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        // Boxes that stand for what is still on its way hide what is wrong with it.
        await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
    }
}
