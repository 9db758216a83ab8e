using Microsoft.Playwright;
using Platform.Testing;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AccountJourneyTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_second_factor_is_turned_on_asked_for_and_everywhere_is_signed_out()
    {
        var email = BrowserFixture.NewEmail();
        var page = await browser.NewPageAsync();
        await page.SignUpAsync(browser.Platform.Api, email);
        var (app, recoveryCode) = await TurnOnSecondFactorAsync(page);

        await page.SignOutAsync();
        await page.SignInAsync(email);
        await page.GetByLabel("Code").FillAsync(app.NextCode());
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard");
        await page.GotoAsync("/settings/security");

        // A second browser is signed in as well, where the telephone is not at hand, until this one signs out all others.
        var elsewhere = await browser.NewPageAsync();
        await elsewhere.SignInAsync(email);
        await elsewhere.GetByRole(AriaRole.Button, new() { Name = "Use a recovery code" }).ClickAsync();
        await elsewhere.GetByLabel("Recovery code").FillAsync(recoveryCode);
        await elsewhere.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await elsewhere.WaitForURLAsync("**/dashboard");
        await page.ReloadAsync();
        await page.SaysAsync("All other devices are signed out", () => page.GetByRole(AriaRole.Button, new() { Name = "Sign out all other devices" }).ClickAsync());
        await elsewhere.WaitForSignedOutAsync("/dashboard");
        await page.ReloadAsync();
        await Expect(page.GetByText("this device")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_journey_after_signing_up_is_told_step_by_step_and_kept()
    {
        var email = BrowserFixture.NewEmail();
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/signup");
        await page.FillSignUpAsync(email);
        await page.VerifyAsync(browser.Platform.Api, email);

        foreach (var choice in new[] { "Developer", "Self hosting", "AWS" })
        {
            await page.GetByRole(AriaRole.Radio, new() { Name = choice }).CheckAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        }

        await page.WaitForURLAsync("**/dashboard");
        await page.GotoAsync("/settings/profile");
        await Expect(page.GetByText("Self hosting, AWS")).ToBeVisibleAsync();
        // Whoever has told all is not asked again.
        await page.GotoAsync("/welcome");
        await page.WaitForURLAsync("**/dashboard");
    }

    [Fact]
    public async Task Somebody_without_an_account_is_invited_signs_up_and_joins()
    {
        var owner = await browser.NewSignedInPageAsync();
        var organization = (await owner.CreateOrganizationAsync("Analytical Engines"))[0];
        var email = BrowserFixture.NewEmail();
        await owner.GetByLabel("Email").FillAsync(email);
        await owner.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.List, new() { Name = "Pending invitations" }).GetByText(email)).ToBeVisibleAsync();

        var mail = await Mailbox.ReadAsync(browser.Platform.Api, email, "Join Analytical Engines");
        var guest = await browser.NewPageAsync();
        await guest.GotoAsync(mail.Link!);
        await guest.GetByRole(AriaRole.Heading, new() { Name = "Join Analytical Engines" }).WaitForAsync();
        await guest.CheckAccessibilityAsync("invitation");
        await guest.GetByRole(AriaRole.Link, new() { Name = "Create an account" }).ClickAsync();
        await guest.FillSignUpAsync(email, "Charles Babbage");
        await guest.VerifyAsync(browser.Platform.Api, email);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await guest.WaitForURLAsync($"**{organization}");
        await Expect(guest.GetByText("you are developer")).ToBeVisibleAsync();

        await owner.ReloadAsync();
        var members = owner.GetByRole(AriaRole.List, new() { Name = "Members" });
        await Expect(members.GetByText("Charles Babbage")).ToBeVisibleAsync();
        await owner.KeepPictureAsync("members");
        await owner.SaysAsync("Charles Babbage is viewer now", () => owner.GetByLabel("Role of Charles Babbage").SelectOptionAsync("viewer"));

        // A viewer deploys for nobody but themselves.
        await guest.GotoAsync("/deploy");
        await Expect(guest.GetByRole(AriaRole.Radio).First).ToBeVisibleAsync();
        await Expect(guest.GetByLabel("Owner")).ToHaveCountAsync(0);
        await owner.GotoAsync("/deploy");
        await Expect(owner.GetByLabel("Owner")).ToContainTextAsync("Analytical Engines");
    }

    [Fact]
    public async Task A_picture_is_uploaded_shown_and_removed()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/settings/profile");
        var file = new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = OnePixel };
        await page.SaysAsync("Your picture is saved", () => page.GetByLabel("Picture").SetInputFilesAsync(file));

        // Loaded, and not only named: the policy of the page must let it come from the Api.
        var picture = page.Locator("main img");
        await Expect(picture).ToBeVisibleAsync();
        await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove picture" }).ClickAsync();
        await Expect(picture).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_token_is_shown_once_works_and_is_revoked()
    {
        var page = await browser.NewSignedInPageAsync();
        await page.GotoAsync("/settings/tokens");
        await page.GetByLabel("Name").FillAsync("A script");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "account:read" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await page.KeepPictureAsync("token-created");
        var token = await page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Copy" }).Locator("p.font-mono").InnerTextAsync();
        (await StatusWithAsync(token)).ShouldBe(200);

        await page.ReloadAsync();
        await Expect(page.GetByText(token)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke A script" }).ClickAsync();
        var sure = page.GetByRole(AriaRole.Group, new() { Name = "Revoke A script" });
        await page.SaysAsync("is revoked", () => sure.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync());
        (await Eventually.ValueAsync(() => StatusWithAsync(token), status => status != 200)).ShouldBe(401);
    }

    [Fact]
    public async Task An_administrator_closes_an_account_whose_person_is_out_at_once_and_finds_it_in_the_audit_log()
    {
        var email = BrowserFixture.NewEmail();
        var other = await browser.NewPageAsync();
        await other.SignUpAsync(browser.Platform.Api, email);
        // For who is no administrator there are no such pages.
        await other.GotoAsync("/admin/users");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToHaveTextAsync("Administration");

        var page = await browser.NewPageAsync();
        await page.SignUpAsync(browser.Platform.Api, PlatformFixture.AdminEmail, "Admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Account menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await page.GetByLabel("Name or address").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Close {email}" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close the account" }).ClickAsync();
        await Expect(page.GetByText("closed", new() { Exact = true })).ToBeVisibleAsync();
        await page.CheckAccessibilityAsync("/admin/users");

        await other.WaitForSignedOutAsync("/dashboard");
        await page.GotoAsync("/admin/audit?action=account.disabled");
        await Expect(page.GetByText("by Admin")).ToBeVisibleAsync();
        await page.CheckAccessibilityAsync("/admin/audit");
    }

    // The smallest picture there is.
    private static byte[] OnePixel { get; } =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static async Task<(AuthenticatorApp App, string RecoveryCode)> TurnOnSecondFactorAsync(IPage page)
    {
        await page.GotoAsync("/settings/security");
        await page.GetByLabel("Your password").FillAsync(Journeys.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up an authenticator app" }).ClickAsync();
        var qrCode = page.GetByRole(AriaRole.Img, new() { Name = "QR code" });
        await Expect(qrCode).ToBeVisibleAsync();
        await Expect(qrCode).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        await page.KeepPictureAsync("two-factor");
        var app = new AuthenticatorApp(await page.Locator("form code").InnerTextAsync());
        await page.GetByLabel("Code that the app shows").FillAsync(app.NextCode());
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Expect(page.GetByText("Keep these recovery codes")).ToBeVisibleAsync();
        await page.KeepPictureAsync("recovery-codes");
        return (app, await page.GetByRole(AriaRole.Status).Filter(new() { HasText = "recovery codes" }).GetByRole(AriaRole.Listitem).First.InnerTextAsync());
    }

    private async Task<int> StatusWithAsync(string token)
    {
        using var client = new HttpClient { BaseAddress = browser.Platform.Api };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.GetAsync("/api/user/audit");
        return (int)answer.StatusCode;
    }
}
