using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Category", "Integration")]
public sealed partial class ProjectJourneyTests(BrowserFixture browser)
{
    private static readonly LocatorAssertionsToBeVisibleOptions BuildTime = new() { Timeout = 180_000 };

    [Fact]
    public async Task A_site_is_deployed_again_promoted_rolled_back_given_a_domain_and_deleted()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.DeploySampleAsync("Plain HTML");
        await Expect(Visit(page)).ToBeVisibleAsync(BuildTime);
        var first = page.Url;
        var site = new Uri((await Visit(page).GetAttributeAsync("href"))!);
        await page.CheckAccessibilityAsync("deployment");

        await page.GetByRole(AriaRole.Button, new() { Name = "Redeploy" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Same commit, without cache" }).ClickAsync();
        await page.WaitForURLAsync(url => url != first && DeploymentPage().IsMatch(url));
        var second = page.Url;
        // The address changes before the page does: what stands there may still be of the first, which was live, too.
        var label = Guid.Parse(new Uri(second).Segments[^1]).ToString("N");
        await Expect(page.GetByLabel("Addresses")).ToContainTextAsync(label, new() { Timeout = BuildTime.Timeout });
        await Expect(Heading(page)).ToContainTextAsync("Live");

        // The newest is live: the one before takes its place, and gives it back.
        await page.GotoAsync(first);
        await page.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it production" }).ClickAsync();
        await Expect(Heading(page)).ToContainTextAsync("Live");
        await page.GetByRole(AriaRole.Link, new() { Name = "Project plain-html" }).ClickAsync();
        await Expect(Live(page)).ToHaveAttributeAsync("href", new Uri(first).AbsolutePath);
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await page.GetByRole(AriaRole.Group).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Expect(page.GetByText("Rolled back: new deployments")).ToBeVisibleAsync();
        await Expect(Live(page)).ToHaveAttributeAsync("href", new Uri(second).AbsolutePath);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("Rolled back: new deployments")).ToHaveCountAsync(0);
        await Expect(Live(page)).ToHaveAttributeAsync("href", new Uri(second).AbsolutePath);
        await browser.Platform.WaitForSiteAsync(site, HttpStatusCode.OK);
        await page.CheckAccessibilityAsync("project");
        await page.KeepScreenshotAsync("project");

        await AddVariablesAsync(page);
        await AddDomainAsync(page);
        await DeleteAsync(page);
        await browser.Platform.WaitForSiteAsync(site, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_project_is_set_up_with_its_variables_and_deployed_when_asked()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/projects");
        await page.GetByRole(AriaRole.Link, new() { Name = "New project" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Sample", Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Plain HTML" }).CheckAsync();
        await page.GetByLabel("Name").FillAsync("Set up first");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).ClickAsync();
        await page.GetByLabel("Name of variable 1").FillAsync("MODE");
        await page.GetByLabel("Value of MODE").FillAsync("live");
        await page.GetByLabel("MODE is secret").UncheckAsync();
        await page.CheckAccessibilityAsync("project-new-filled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();

        await Expect(Heading(page)).ToHaveTextAsync("Set up first");
        await Expect(page.GetByText("Never deployed")).ToBeVisibleAsync();
        await Tab(page, "Environment").ClickAsync();
        await Expect(page.GetByLabel("Value of MODE")).ToHaveValueAsync("live");

        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Latest of main" }).ClickAsync();
        await page.WaitForURLAsync(DeploymentPage());
        await Expect(Visit(page)).ToBeVisibleAsync(BuildTime);
        await browser.Platform.WaitForSiteAsync(new Uri((await Visit(page).GetAttributeAsync("href"))!), HttpStatusCode.OK);
        await page.GotoAsync("/dashboard");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "View logs" })).ToBeVisibleAsync();
        await page.KeepScreenshotAsync("dashboard");
    }

    [Fact]
    public async Task An_archive_is_uploaded_and_told_of_by_the_bell()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/deploy?source=upload");
        var archive = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
        await WriteArchiveAsync(archive);
        try
        {
            await page.GetByLabel("Archive").SetInputFilesAsync(archive);
            await page.GetByLabel("Project name").FillAsync("Uploaded by hand");
            await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
            await page.WaitForURLAsync(DeploymentPage());
        }
        finally
        {
            File.Delete(archive);
        }

        await Expect(Visit(page)).ToBeVisibleAsync(BuildTime);
        var body = await browser.Platform.WaitForSiteAsync(new Uri((await Visit(page).GetAttributeAsync("href"))!), HttpStatusCode.OK);
        body.ShouldContain("By hand");

        var bell = page.GetByRole(AriaRole.Button, new() { Name = "Notifications" });
        await Expect(bell).ToContainTextAsync("1 unread", new() { Timeout = 120_000 });
        await bell.ClickAsync();
        await page.CheckAccessibilityAsync("bell");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mark all as read" }).ClickAsync();
        await Expect(bell).Not.ToContainTextAsync("unread");
    }

    private static async Task AddVariablesAsync(IPage page)
    {
        await Tab(page, "Environment").ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Variables of production" });
        await form.GetByRole(AriaRole.Button, new() { Name = "Paste a .env file" }).ClickAsync();
        await form.GetByLabel("Lines of a .env file").FillAsync("API_KEY=do not show\nMODE=live");
        await form.GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();
        await form.GetByLabel("MODE is secret").UncheckAsync();
        await page.SaysAsync("The variables are saved", () => form.GetByRole(AriaRole.Button, new() { Name = "Save production variables" }).ClickAsync());
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Value of MODE")).ToHaveValueAsync("live");
        await Expect(page.GetByLabel("Value of API_KEY")).ToHaveValueAsync("");
        await page.CheckAccessibilityAsync("project-environment");
    }

    private static async Task AddDomainAsync(IPage page)
    {
        await Tab(page, "Domains").ClickAsync();
        var host = $"www.{Guid.NewGuid():N}.example";
        await page.GetByLabel("Domain", new() { Exact = true }).FillAsync(host);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add domain" }).ClickAsync();
        var row = page.GetByRole(AriaRole.List, new() { Name = "Domains" });
        await Expect(row.GetByText("Waits for proof")).ToBeVisibleAsync();
        await Expect(row.GetByText("TXT", new() { Exact = true })).ToBeVisibleAsync();
        await page.CheckAccessibilityAsync("project-domains");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {host}" }).ClickAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = $"Remove {host}" }).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByText("No domains of your own")).ToBeVisibleAsync();
    }

    private static async Task DeleteAsync(IPage page)
    {
        await Tab(page, "Settings").ClickAsync();
        await page.CheckAccessibilityAsync("project-settings");
        var name = await Heading(page).TextContentAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete project…" }).ClickAsync();
        await page.GetByLabel($"Type “{name}”").FillAsync("something else");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it for good" }).ClickAsync();
        await Expect(page.GetByLabel($"Type “{name}”")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel($"Type “{name}”").FillAsync(name!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it for good" }).ClickAsync();
        await page.WaitForURLAsync("**/projects");
        await Expect(page.GetByText("No projects yet")).ToBeVisibleAsync();
    }

    private static async Task WriteArchiveAsync(string path)
    {
        await using var file = File.Create(path);
        await using var archive = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create);
        await using var entry = await archive.CreateEntry("index.html").OpenAsync();
        await entry.WriteAsync("<!doctype html><title>By hand</title><h1>By hand</h1>"u8.ToArray());
    }

    private static ILocator Visit(IPage page) => page.GetByRole(AriaRole.Link, new() { Name = "Visit site" });

    private static ILocator Heading(IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private static ILocator Tab(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Project" }).GetByRole(AriaRole.Link, new() { Name = name });

    /// <summary>The link to the deployment that visitors see.</summary>
    private static ILocator Live(IPage page) =>
        page.GetByRole(AriaRole.Region, new() { Name = "Production" }).Locator("a[href^='/deployments/']");

    [GeneratedRegex("/deployments/[0-9a-f-]{36}$", RegexOptions.NonBacktracking)]
    private static partial Regex DeploymentPage();
}
