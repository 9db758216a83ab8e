using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Api.Auth;
using Platform.Api.Tests.Mail;
using Platform.Api.Tests.SecondFactor;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Auth;

[Trait("Category", "Integration")]
public sealed class AccountCleanerTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task What_is_over_is_removed_and_what_is_not_stays()
    {
        var old = await LeaveTracesAsync();
        (await CountAsync(old)).ShouldBe([2, 1, 1, 1, 1, 1]);
        api.Time.Advance(TimeSpan.FromDays(366));
        var fresh = await LeaveTracesAsync();

        await api.Services.GetServices<IHostedService>().OfType<AccountCleaner>().ShouldHaveSingleItem().CleanAsync(CancellationToken.None);

        (await CountAsync(old)).ShouldBe([0, 0, 0, 0, 0, 0]);
        (await CountAsync(fresh)).ShouldBe([2, 1, 1, 1, 1, 1]);
    }

    /// <summary>Two sessions of one device, one of them ended, and one of everything else.</summary>
    private async Task<ApiUser> LeaveTracesAsync()
    {
        var user = await api.SignUpAsync(verified: false);
        await api.WaitForMailAsync(user.Email, "Confirm your email address");
        using var client = api.CreateClient();
        object credentials = new { email = user.Email, password = ApiFactory.Password };
        var second = await (await client.PostAsJsonAsync("/api/auth/login", credentials)).ReadJsonAsync();
        await Authenticator.TurnOnAsync(api, user.Client);
        (await client.PostAsJsonAsync("/api/auth/login", credentials)).EnsureSuccessStatusCode();
        (await user.Client.PutAsJsonAsync("/api/user/email", new { email = $"{Guid.NewGuid():N}@example.net", password = ApiFactory.Password })).EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Authorization = new("Bearer", second.GetProperty("accessToken").GetString());
        (await client.PostAsync("/api/auth/logout", null)).EnsureSuccessStatusCode();
        await using var database = api.CreateContext();
        database.PendingLogins.Add(new PendingLogin
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id,
            Provider = "google",
            ProviderKey = "1",
            Email = user.Email,
            Name = "Somebody",
            TokenHash = Guid.NewGuid().ToString(),
            MailTokenHash = Guid.NewGuid().ToString(),
            ExpiresAt = api.Time.GetUtcNow().AddMinutes(15),
        });
        await database.SaveChangesAsync();
        return user;
    }

    private async Task<int[]> CountAsync(ApiUser user)
    {
        await using var database = api.CreateContext();
        return
        [
            await database.Sessions.CountAsync(row => row.UserId == user.Id),
            await database.AccountTokens.CountAsync(row => row.UserId == user.Id),
            await database.TwoFactorChallenges.CountAsync(row => row.UserId == user.Id),
            await database.PendingLogins.CountAsync(row => row.UserId == user.Id),
            await database.EmailChanges.CountAsync(row => row.UserId == user.Id),
            await database.UserDevices.CountAsync(row => row.UserId == user.Id),
        ];
    }
}
