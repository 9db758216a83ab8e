using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace Platform.EndToEnd.Tests;

/// <summary>Steps that several tests take.</summary>
internal static class Journeys
{
    public static async Task SignUpAsync(this IPage page, string email)
    {
        await page.GotoAsync("/signup");
        await page.GetByLabel("Full name").FillAsync("Ada Lovelace");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard");
    }

    /// <summary>Takes the wizard's three steps and ends on the deployment's page.</summary>
    public static async Task DeploySampleAsync(this IPage page, string title)
    {
        await page.GotoAsync("/deploy");
        await page.GetByRole(AriaRole.Radio, new() { Name = title }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/deployments/[0-9a-f-]{36}$", System.Text.RegularExpressions.RegexOptions.NonBacktracking));
    }

    /// <summary>Keeps a picture for the README when asked to (<c>UPDATE_SCREENSHOTS=1</c>).</summary>
    public static async Task KeepScreenshotAsync(this IPage page, string name, [CallerFilePath] string file = "")
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") != "1") return;
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", "screenshots"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }
}
