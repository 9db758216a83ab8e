using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Platform.Testing;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Category", "Integration")]
public sealed class DeploymentJourneyTests(BrowserFixture browser)
{
    private static readonly LocatorAssertionsToBeVisibleOptions BuildTime = new() { Timeout = 180_000 };

    [Fact]
    public async Task A_new_user_deploys_a_sample_and_opens_the_site()
    {
        var page = await browser.NewSignedInPageAsync();

        await page.DeploySampleAsync("Plain HTML");
        var address = await VisitAddressAsync(page);
        (await browser.Platform.WaitForSiteAsync(address, HttpStatusCode.OK)).ShouldContain("<h1");

        await page.GotoAsync(address.ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_site_with_dependencies_is_installed_built_and_served()
    {
        var page = await browser.NewSignedInPageAsync();

        await page.DeploySampleAsync("Vite");
        var address = await VisitAddressAsync(page);
        await Expect(page.GetByRole(AriaRole.Log, new() { Name = "Build log" })).ToContainTextAsync("Deployment successful");
        await page.KeepScreenshotAsync("deployment");

        await browser.Platform.WaitForSiteAsync(address, HttpStatusCode.OK);
        await page.GotoAsync(address.ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_build_is_watched_while_it_runs_searched_and_cancelled()
    {
        var page = await browser.NewSignedInPageAsync();
        var lines = RecordLines(page);

        // It never ends by itself, so it cannot be over before the page has opened.
        await page.DeploySampleAsync("Plain HTML", "n=0; while true; do n=$((n+1)); echo \"tick $n\"; sleep 1; done");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync(BuildTime);
        await Eventually.TrueAsync(() => lines.Any(line => line.StartsWith("tick ", StringComparison.Ordinal)), TimeSpan.FromMinutes(3));
        var log = page.GetByRole(AriaRole.Log, new() { Name = "Build log" });
        await Expect(log).ToContainTextAsync(lines.Last(line => line.StartsWith("tick ", StringComparison.Ordinal)));
        await page.GetByLabel("Search the log").FillAsync("tick 1");
        await Expect(page.GetByText("1 of ")).ToBeVisibleAsync();
        await page.CheckAccessibilityAsync("deployment-live");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Cancelled");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Redeploy" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_build_that_fails_says_why()
    {
        var page = await browser.NewSignedInPageAsync();

        await page.DeploySampleAsync("Broken build");

        await Expect(page.GetByText("BUILD_FAILED").First).ToBeVisibleAsync(BuildTime);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Visit site" })).ToHaveCountAsync(0);
    }

    private static async Task<Uri> VisitAddressAsync(IPage page)
    {
        var link = page.GetByRole(AriaRole.Link, new() { Name = "Visit site" });
        await Expect(link).ToBeVisibleAsync(BuildTime);
        return new Uri((await link.GetAttributeAsync("href"))!);
    }

    /// <summary>The lines of the log that come over a socket, and not with the page.</summary>
    private static ConcurrentQueue<string> RecordLines(IPage page)
    {
        var lines = new ConcurrentQueue<string>();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text is not { } text) return;
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.GetProperty("type").GetString() == "log") lines.Enqueue(document.RootElement.GetProperty("message").GetString()!);
        };
        return lines;
    }
}
