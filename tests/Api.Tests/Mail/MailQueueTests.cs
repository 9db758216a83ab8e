using Npgsql;
using Platform.Api.Mail.Delivery;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Mail;

/// <summary>Who takes which mail when, without anybody sending.</summary>
[Trait("Category", "Integration")]
public sealed class MailQueueTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private readonly ShiftedTime _time = new();
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(postgres.ConnectionString);

    public async Task InitializeAsync()
    {
        await using var command = _source.CreateCommand("DELETE FROM mails");
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task Together_they_take_each_mail_once()
    {
        for (var i = 0; i < 20; i++) await AddAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Queue().ClaimAsync(Claim, CancellationToken.None)));
        taken.OfType<ClaimedMail>().Select(mail => mail.Id).Distinct().Count().ShouldBe(20);
        taken.Count(mail => mail is null).ShouldBe(10);
    }

    [Fact]
    public async Task A_mail_whose_sender_died_is_taken_by_another_one_and_the_dead_one_has_no_say_any_more()
    {
        await AddAsync();
        var first = (await Queue().ClaimAsync(Claim, CancellationToken.None)).ShouldNotBeNull();
        (await Queue().ClaimAsync(Claim, CancellationToken.None)).ShouldBeNull();
        _time.Advance(Claim + TimeSpan.FromSeconds(1));

        var second = (await Queue().ClaimAsync(Claim, CancellationToken.None)).ShouldNotBeNull();
        second.Attempt.ShouldBe(2);
        await Queue().FailedAsync(first, "too late", CancellationToken.None);
        await Queue().SentAsync(second, keepContent: false, CancellationToken.None);

        await using var database = postgres.CreateContext();
        var row = database.Mails.Single();
        row.SentAt.ShouldNotBeNull();
        row.FailedAt.ShouldBeNull();
        row.Content.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_done_is_cleaned_after_a_while_and_what_waits_is_not()
    {
        await AddAsync();
        await Queue().SentAsync((await Queue().ClaimAsync(Claim, CancellationToken.None))!, keepContent: true, CancellationToken.None);
        await AddAsync();
        (await Queue().CleanAsync(TimeSpan.FromDays(7), CancellationToken.None)).ShouldBe(0);
        _time.Advance(TimeSpan.FromDays(8));
        (await Queue().CleanAsync(TimeSpan.FromDays(7), CancellationToken.None)).ShouldBe(1);
        await using var database = postgres.CreateContext();
        database.Mails.Single().SentAt.ShouldBeNull();
    }

    private MailQueue Queue() => new(_source, _time);

    private async Task AddAsync()
    {
        await using var database = postgres.CreateContext();
        database.Mails.Add(new Core.Data.Entities.Mail { Kind = MailKind.Mail, Content = "sealed", NextAttemptAt = _time.GetUtcNow(), CreatedAt = _time.GetUtcNow() });
        await database.SaveChangesAsync();
    }
}
