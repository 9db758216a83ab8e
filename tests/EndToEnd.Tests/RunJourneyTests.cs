using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RunJourneyTests(BrowserFixture browser)
{
    [Theory, InlineData("python", "print(sum(map(int, input().split())))"),
     InlineData("javascript", "console.log(require('fs').readFileSync(0, 'utf8').trim().split(' ').map(Number).reduce((a, b) => a + b))")]
    public async Task A_snippet_reads_its_input_and_shows_its_output(string language, string code)
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/run");

        await page.GetByLabel("Language").SelectOptionAsync(language);
        await page.GetByLabel("Code").FillAsync(code);
        await page.GetByLabel("Standard input").FillAsync("19 23");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();

        await Expect(page.GetByText("42", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        if (language == "python") await page.KeepScreenshotAsync("run");
    }

    [Fact]
    public async Task An_endless_loop_comes_back_as_a_verdict()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/run");

        await page.GetByLabel("Language").SelectOptionAsync("python");
        await page.GetByLabel("Code").FillAsync("while True: pass");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();

        await Expect(page.GetByText("Time limit").First).ToBeVisibleAsync(new() { Timeout = 120_000 });
    }

    [Fact]
    public async Task A_shared_snippet_is_read_and_run_by_who_has_its_link()
    {
        var link = await ShareAsync("print(sum(map(int, input().split())))", "20 22");
        var page = await browser.NewPageAsync();

        await page.GotoAsync(link);

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sum of two" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("main.py")).ToContainTextAsync("input().split()");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        await Expect(page.GetByText("42", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await page.KeepPictureAsync("shared-snippet");
    }

    /// <summary>The path of the link that somebody made.</summary>
    private async Task<string> ShareAsync(string code, string stdin)
    {
        var email = BrowserFixture.NewEmail();
        var author = await browser.NewPageAsync();
        await author.SignUpAsync(browser.Platform.Api, email);
        using var client = new HttpClient { BaseAddress = browser.Platform.Api };
        using var entered = await client.PostAsJsonAsync("/api/auth/login", new { email, password = Journeys.Password });
        var session = await entered.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", session.GetProperty("accessToken").GetString());
        using var created = await client.PostAsJsonAsync("/api/snippets", new { title = "Sum of two", language = "python", code, stdin, visibility = "unlisted" });
        var snippet = await created.Content.ReadFromJsonAsync<JsonElement>();
        return new Uri(browser.Platform.Web, snippet.GetProperty("shareUrl").GetString()).PathAndQuery;
    }
}
