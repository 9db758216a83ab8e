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
}
