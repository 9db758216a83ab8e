using System.Runtime.CompilerServices;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>Steps that several tests take.</summary>
internal static class Journeys
{
    public const string Password = "correct horse battery";

    /// <summary>Signs up, proves the address with the mailed code, and leaves the questions after it for later.</summary>
    public static async Task SignUpAsync(this IPage page, Uri api, string email, string name = "Ada Lovelace")
    {
        await page.GotoAsync("/signup");
        await page.FillSignUpAsync(email, name);
        await page.VerifyAsync(api, email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Skip for now" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard");
        // The address comes before the page: what is opened in the old one goes with it.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard", Level = 1 })).ToBeVisibleAsync();
    }

    public static async Task FillSignUpAsync(this IPage page, string email, string name = "Ada Lovelace")
    {
        await page.GetByLabel("Full name").FillAsync(name);
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.WaitForURLAsync("**/verify-email*");
    }

    /// <summary>Types the code of the mail.</summary>
    public static async Task VerifyAsync(this IPage page, Uri api, string email)
    {
        var mail = await Mailbox.ReadAsync(api, email, "Confirm your email address");
        await page.GetByLabel("Code").FillAsync(mail.Code!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/verify-email", StringComparison.Ordinal));
    }

    public static async Task SignInAsync(this IPage page, string email)
    {
        await page.GotoAsync("/login");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Loads the page again until it asks to sign in: what is revoked ends within a second, and not at once everywhere.</summary>
    public static Task WaitForSignedOutAsync(this IPage page, string path) => Eventually.TrueAsync(async () =>
    {
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        return new Uri(page.Url) is { AbsolutePath: "/login" } login && login.Query.StartsWith("?next=", StringComparison.Ordinal);
    });

    public static async Task SignOutAsync(this IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Account menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
    }

    /// <summary>Creates an organisation and answers the addresses of its pages.</summary>
    public static async Task<string[]> CreateOrganizationAsync(this IPage page, string name)
    {
        await page.GotoAsync("/organizations");
        await page.GetByRole(AriaRole.Button, new() { Name = "New organization" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name }).WaitForAsync();
        var path = new Uri(page.Url).AbsolutePath;
        return [path, $"{path}/settings", $"{path}/activity"];
    }

    /// <summary>Takes the wizard's three steps and ends on the deployment's page.</summary>
    public static async Task DeploySampleAsync(this IPage page, string title, string? buildCommand = null)
    {
        await page.GotoAsync("/deploy");
        await page.GetByRole(AriaRole.Radio, new() { Name = title }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        if (buildCommand is not null) await page.GetByLabel("Build command").FillAsync(buildCommand);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/deployments/[0-9a-f-]{36}$", System.Text.RegularExpressions.RegexOptions.NonBacktracking));
    }

    /// <summary>Words that pass by themselves: they are waited for from before the step on that brings them.</summary>
    public static async Task SaysAsync(this IPage page, string words, Func<Task> step)
    {
        var said = Assertions.Expect(page.GetByText(words)).ToBeVisibleAsync();
        await step();
        await said;
    }

    /// <summary>Keeps a picture for the README when asked to (<c>UPDATE_SCREENSHOTS=1</c>).</summary>
    public static async Task KeepScreenshotAsync(this IPage page, string name, [CallerFilePath] string file = "")
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") != "1") return;
        // Neither boxes that stand for what is still on its way, nor words that pass.
        await Assertions.Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dismiss:" })).ToHaveCountAsync(0);
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", "screenshots"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public static async Task CheckAccessibilityAsync(this IPage page, string name)
    {
        await page.KeepPictureAsync($"{name}-{await page.EvaluateAsync<string>("document.documentElement.dataset.theme")}");
        var result = await page.RunAxe();
        result.Violations.Select(violation => $"{name}: {violation.Id} {violation.Help}").ShouldBeEmpty();
    }

    /// <summary>Keeps a picture for whoever looks at all pages with their own eyes (<c>PLATFORM_PICTURES=folder</c>).</summary>
    public static async Task KeepPictureAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_PICTURES") is not { Length: > 0 } folder) return;
        var file = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).Trim('-');
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{file}.png"), FullPage = true });
    }
}
