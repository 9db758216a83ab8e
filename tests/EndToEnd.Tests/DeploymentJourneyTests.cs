using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
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
        var page = await browser.NewPageAsync();
        await page.SignUpAsync(browser.Platform.Api, BrowserFixture.NewEmail());
        await page.KeepScreenshotAsync("dashboard");

        await page.DeploySampleAsync("Plain HTML");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Visit site" })).ToBeVisibleAsync(BuildTime);

        var address = new Uri((await page.GetByRole(AriaRole.Link, new() { Name = "Visit site" }).GetAttributeAsync("href"))!);
        var (status, body) = await browser.Platform.GetSiteAsync(address);
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldContain("<h1");

        await page.GotoAsync(address.ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_site_with_dependencies_is_installed_built_before_ones_eyes_and_served()
    {
        var page = await browser.NewSignedInPageAsync();
        var frames = RecordFrames(page);

        await page.DeploySampleAsync("Vite");
        var visit = page.GetByRole(AriaRole.Link, new() { Name = "Visit site" });
        await Expect(visit).ToBeVisibleAsync(BuildTime);
        await page.KeepScreenshotAsync("deployment");

        // Live: lines came over the socket while the deployment was still going on.
        var types = frames.ToArray();
        types.ShouldContain("log");
        types.ShouldContain("deployment_complete");
        Array.IndexOf(types, "log").ShouldBeLessThan(Array.IndexOf(types, "deployment_complete"));

        await page.GotoAsync((await visit.GetAttributeAsync("href"))!);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_build_that_fails_says_why()
    {
        var page = await browser.NewSignedInPageAsync();

        await page.DeploySampleAsync("Broken build");

        await Expect(page.GetByText("BUILD_FAILED").First).ToBeVisibleAsync(BuildTime);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Visit site" })).ToHaveCountAsync(0);
    }

    private static ConcurrentQueue<string> RecordFrames(IPage page)
    {
        var types = new ConcurrentQueue<string>();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text is { } text) types.Enqueue(JsonDocument.Parse(text).RootElement.GetProperty("type").GetString()!);
        };
        return types;
    }
}
