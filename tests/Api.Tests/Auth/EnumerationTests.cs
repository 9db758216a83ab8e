using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
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

    [Theory]
    [InlineData("login")]
    [InlineData("forgot-password")]
    [InlineData("resend-verification")]
    [InlineData("verify-email")]
    public async Task Time_does_not_tell_either(string route)
    {
        var known = await api.SignUpAsync(verified: false);
        await using var patient = api.With(("Auth:LockoutAfter", "1000"));
        using var client = patient.CreateClient();
        // Statistical and generous: a lookup that is skipped or a hash that is not computed shows as a multiple. A busy machine gets three tries.
        for (var attempt = 1; ; attempt++)
        {
            var (of, ofUnknown) = await MeasureAsync(client, route, known.Email, samples: route == "login" ? 9 : 31);
            var ratio = Math.Max(of, ofUnknown) / Math.Min(of, ofUnknown);
            if (ratio < 2) return;
            attempt.ShouldBeLessThan(3, $"known {of:0.0} ms, unknown {ofUnknown:0.0} ms");
        }
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

    private static async Task<(double Known, double Unknown)> MeasureAsync(HttpClient client, string route, string email, int samples)
    {
        List<double> known = [], unknown = [];
        for (var i = 0; i < samples + 2; i++)
        {
            // In turns, so that what else the machine does meets both.
            var first = await TimeAsync(client, route, email);
            var second = await TimeAsync(client, route, $"{Guid.NewGuid():N}@example.com");
            // The first two warm up.
            if (i < 2) continue;
            known.Add(first);
            unknown.Add(second);
        }

        return (Median(known), Median(unknown));
    }

    private static async Task<double> TimeAsync(HttpClient client, string route, string email)
    {
        var started = Stopwatch.GetTimestamp();
        object body = route switch
        {
            "login" => new { email, password = Wrong },
            "verify-email" => new { email, code = "x" },
            _ => new { email },
        };
        using var answer = await client.PostAsJsonAsync($"/api/auth/{route}", body);
        ((int)answer.StatusCode).ShouldBeOneOf(401, 202, 400);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email, password });
}
