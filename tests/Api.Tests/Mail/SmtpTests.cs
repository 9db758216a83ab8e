using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Mail;
using Platform.Testing;

namespace Platform.Api.Tests.Mail;

/// <summary>From the outbox to a mail server.</summary>
[Trait("Category", "Integration")]
public sealed class SmtpTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_mail_arrives_over_starttls_with_sign_in_and_both_forms()
    {
        await using var server = new FakeSmtpServer();
        await using var host = With(server, ("Smtp:User", "postman"), ("Smtp:Password", "p4ss"));
        await SendAsync(host, "ada@example.com", new MailContent("Grüße <b>", "Hello & welcome") { Code = "123456", Link = new MailLink("Open", new Uri("http://localhost/x?a=1&b=2")) });

        var mail = await Eventually.ValueAsync(() => Task.FromResult(server.Mails.FirstOrDefault()), found => found is not null);

        await AllAreSentAsync();
        mail!.Encrypted.ShouldBeTrue();
        (mail.User, mail.Password).ShouldBe(("postman", "p4ss"));
        mail.From.ShouldContain("<no-reply@localhost>");
        mail.To.ShouldContain("<ada@example.com>");
        mail.Data.ShouldContain("multipart/alternative");
        mail.Data.ShouldContain("Auto-Submitted: auto-generated");
        mail.Data.ShouldContain("Message-ID: <", Case.Insensitive);
        mail.Data.ShouldContain("=?utf-8?");
        var decoded = DecodeParts(mail.Data);
        decoded.ShouldContain("Hello & welcome");
        decoded.ShouldContain("Hello &amp; welcome");
        decoded.ShouldContain("123456");
        decoded.ShouldContain("http://localhost/x?a=1&b=2");
    }

    [Fact]
    public async Task A_server_without_starttls_gets_nothing()
    {
        await using var server = new FakeSmtpServer(offersTls: false);
        await using var host = With(server, ("Mail:MaxAttempts", "2"));
        await SendAsync(host, "ada@example.com", new MailContent("Secret", "text"));
        await WaitUntilFailedAsync(host);
        server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mail_is_tried_again_until_the_server_is_there()
    {
        await using var server = new FakeSmtpServer { RecipientAnswer = "451 try later" };
        await using var host = With(server);
        await SendAsync(host, "ada@example.com", new MailContent("Later", "text"));
        await Eventually.TrueAsync(async () =>
        {
            await using var database = api.CreateContext();
            return await database.Mails.AnyAsync(mail => mail.Attempts >= 2 && mail.SentAt == null && mail.Error != null);
        });

        server.RecipientAnswer = "250 fine";
        await AllAreSentAsync();
        server.Mails.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_given_up_at_once_recorded_and_forgotten()
    {
        await using var server = new FakeSmtpServer { RecipientAnswer = "550 no such user ada@example.com" };
        await using var host = With(server);
        await SendAsync(host, "ada@example.com", new MailContent("Nobody", "text") { Code = "424242" });
        var id = await WaitUntilFailedAsync(host);

        await using var database = api.CreateContext();
        var row = await database.Mails.SingleAsync(mail => mail.Id == id);
        row.Attempts.ShouldBe(1);
        row.Content.ShouldBeEmpty();
        row.Error!.ShouldNotContain("ada");
        await Eventually.TrueAsync(() => database.AuditEvents.AnyAsync(entry => entry.Action == "mail.failed" && entry.TargetId == id.ToString()));
    }

    [Fact]
    public async Task A_server_that_says_nothing_does_not_hold_the_sender_up()
    {
        await using var server = new FakeSmtpServer { IsSilent = true };
        await using var host = With(server, ("Mail:Timeout", "00:00:00.3"), ("Mail:MaxAttempts", "2"));
        await SendAsync(host, "ada@example.com", new MailContent("Silence", "text"));
        await WaitUntilFailedAsync(host);
    }

    [Fact]
    public async Task Of_several_instances_each_mail_is_sent_by_one()
    {
        await using var server = new FakeSmtpServer();
        await using var one = With(server);
        await using var other = With(server);
        var addresses = Enumerable.Range(0, 20).Select(i => $"person{i}@example.com").ToList();
        var started = api.Time.GetUtcNow();
        await Task.WhenAll(addresses.Select((address, i) => SendAsync(i % 2 == 0 ? one : other, address, new MailContent("Once", "text"))));

        await Eventually.TrueAsync(async () =>
        {
            await using var database = api.CreateContext();
            return await database.Mails.CountAsync(mail => mail.CreatedAt >= started && mail.SentAt != null) == addresses.Count;
        });
        server.Mails.Select(mail => mail.To.Trim('<', '>', ' ')).ShouldBe(addresses, ignoreOrder: true);
    }

    [Fact]
    public async Task A_mail_of_a_transaction_that_fails_is_never_sent()
    {
        await using var server = new FakeSmtpServer();
        await using var host = With(server);
        _ = host.Server;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<Platform.Core.Data.PlatformDbContext>();
            await using var transaction = await database.Database.BeginTransactionAsync();
            await scope.ServiceProvider.GetRequiredService<IMailer>().SendAsync("never@example.com", new MailContent("Never", "text"), default);
            await transaction.RollbackAsync();
        }

        await SendAsync(host, "after@example.com", new MailContent("After", "text"));
        await AllAreSentAsync();
        server.Mails.ShouldNotBeEmpty();
        server.Mails.ShouldAllBe(mail => mail.To.Contains("after@example.com"));
    }

    [Fact]
    public async Task A_password_without_encryption_stops_the_start()
    {
        await using var host = api.With(("Smtp:Host", "127.0.0.1"), ("Smtp:StartTls", "false"), ("Smtp:Password", "p4ss"));
        Should.Throw<OptionsValidationException>(() => host.CreateClient()).Message.ShouldContain("SMTP_PASS");
    }

    private WebApplicationFactory<Program> With(FakeSmtpServer server, params (string, string)[] more) => api.With(
    [
        ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{server.Port}"), ("Mail:RetryBaseDelay", "00:00:00.05"), ("Mail:RetryMaxDelay", "00:00:00.1"),
        ("Mail:PollInterval", "00:00:00.1"), .. more,
    ]);

    private static async Task SendAsync(WebApplicationFactory<Program> host, string to, MailContent content)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMailer>().SendAsync(to, content, CancellationToken.None);
    }

    /// <summary>What the server has taken is marked as sent a little later; until then another sender may take it, that of another test.</summary>
    private Task AllAreSentAsync() => Eventually.TrueAsync(async () =>
    {
        await using var database = api.CreateContext();
        return await database.Mails.AllAsync(mail => mail.SentAt != null || mail.FailedAt != null);
    });

    private async Task<Guid> WaitUntilFailedAsync(WebApplicationFactory<Program> host)
    {
        _ = host;
        await using var before = api.CreateContext();
        var newest = await before.Mails.OrderByDescending(mail => mail.CreatedAt).Select(mail => mail.Id).FirstAsync();
        await Eventually.TrueAsync(async () =>
        {
            await using var database = api.CreateContext();
            return await database.Mails.AnyAsync(mail => mail.Id == newest && mail.FailedAt != null);
        });
        return newest;
    }

    private static string DecodeParts(string data) => string.Concat(data.Split("\r\n\r\n").Select(Decode));

    private static string Decode(string part)
    {
        var body = part.Split("\r\n--")[0].Replace("\r\n", "");
        var buffer = new byte[body.Length];
        return Convert.TryFromBase64String(body, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : part.Replace("=\r\n", "").Replace("=3D", "=");
    }
}
