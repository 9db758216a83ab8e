using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Auth;

/// <summary>Nobody learns which addresses have an account, by what is said or by how long it takes.</summary>
[Trait("Category", "Integration")]
public sealed class EnumerationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Wrong = "not the password";

    [Fact]
    public async Task A_locked_account_an_open_one_and_none_at_all_are_refused_alike()
    {
        var locked = await api.SignUpAsync();
        var open = await api.SignUpAsync();
        await using var strict = api.With(("Auth:LockoutAfter", "3"));
        using var client = strict.CreateClient();
        for (var i = 0; i < 3; i++) await LogInAsync(client, locked.Email, Wrong);
        for (var i = 0; i < 3; i++) await LogInAsync(client, "nobody@example.com", Wrong);

        var texts = new List<string>();
        // Also with the right password a lock says nothing but what everybody is told.
        foreach (var (email, password) in new[] { (locked.Email, ApiFactory.Password), (locked.Email, Wrong), (open.Email, Wrong), ("nobody@example.com", Wrong) })
        {
            var answer = await LogInAsync(client, email, password);
            await answer.ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
            texts.Add(await answer.Content.ReadAsStringAsync());
        }

        texts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_recorded_with_its_reason_for_the_account_and_without_the_address_for_others()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        await LogInAsync(client, user.Email, Wrong);
        await LogInAsync(client, "a-stranger@example.com", Wrong);
        await using var database = api.CreateContext();
        var entries = await database.AuditEvents.Where(entry => entry.Action == "session.refused").ToListAsync();
        entries.Single(entry => entry.OwnerId == user.Id).Details.ShouldContain("wrong password");
        entries.ShouldAllBe(entry => !entry.Details.Contains("a-stranger"));
        entries.ShouldContain(entry => entry.OwnerId == null);
    }

    /// <summary>What takes the time is counted instead of the time: no machine is calm enough for that. A lookup that is skipped or a hash that is not computed shows.</summary>
    [Theory]
    [InlineData("login")]
    [InlineData("forgot-password")]
    [InlineData("resend-verification")]
    [InlineData("verify-email")]
    public async Task Time_does_not_tell_either(string route)
    {
        var known = await api.SignUpAsync(verified: false);
        var counter = new WorkCounter();
        await using var patient = api.With(("Auth:LockoutAfter", "1000")).WithWebHostBuilder(builder => builder.ConfigureTestServices(counter.AddTo));
        using var client = patient.CreateClient();

        // The first request after a start also makes what all later ones share.
        await CountAsync(client, counter, route, "nobody@example.com");
        var ofKnown = await CountAsync(client, counter, route, known.Email);
        var ofUnknown = await CountAsync(client, counter, route, $"{Guid.NewGuid():N}@example.com");

        ofUnknown.Hashes.ShouldBe(ofKnown.Hashes);
        ofKnown.Hashes.ShouldBe(route == "login" ? 1 : 0);
        ofUnknown.Statements.ShouldBe(ofKnown.Statements);
        ofKnown.Statements.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_password_is_hashed_anew_when_the_cost_was_raised()
    {
        var user = await api.SignUpAsync();
        var cheap = new PasswordHasher<PlatformUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }))
            .HashPassword(new PlatformUser { Name = "" }, ApiFactory.Password);
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.PasswordHash, cheap));
        using var client = api.CreateClient();

        (await LogInAsync(client, user.Email, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var raised = await HashAsync(user);
        (await LogInAsync(client, user.Email, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);

        raised.ShouldNotBe(cheap);
        // Version 3 of the format: marker, algorithm (2 is SHA-512), rounds.
        var bytes = Convert.FromBase64String(raised);
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)).ShouldBe(2u);
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)).ShouldBeGreaterThanOrEqualTo(210_000u);
        (await HashAsync(user)).ShouldBe(raised);
    }

    private async Task<string> HashAsync(ApiUser user)
    {
        await using var database = api.CreateContext();
        return (await database.Users.Where(row => row.Id == user.Id).Select(row => row.PasswordHash).SingleAsync())!;
    }

    private static async Task<Work> CountAsync(HttpClient client, WorkCounter counter, string route, string email)
    {
        var work = counter.Begin();
        object body = route switch
        {
            "login" => new { email, password = Wrong },
            "verify-email" => new { email, code = "x" },
            _ => new { email },
        };
        using var answer = await client.PostAsJsonAsync($"/api/auth/{route}", body);
        ((int)answer.StatusCode).ShouldBeOneOf(401, 202, 400);
        return work;
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email, password });
}
