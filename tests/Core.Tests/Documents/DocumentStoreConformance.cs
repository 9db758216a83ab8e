using Platform.Core.Documents;

namespace Platform.Core.Tests.Documents;

/// <summary>What every document store must do.</summary>
[Trait("Category", "Integration")]
public abstract class DocumentStoreConformance
{
    private readonly Guid _owner = Guid.NewGuid();

    protected abstract IDocumentStore Store { get; }

    private static CancellationToken Token => CancellationToken.None;

    private IDocumentCollection<Note> Notes => Store.GetCollection(Note.Collection);

    private DocumentQuery<Note> Mine => new DocumentQuery<Note>().Equal(note => note.OwnerId, _owner);

    [Fact]
    public async Task What_is_inserted_is_found_unchanged()
    {
        var note = New("Grüße, \u2028 \"quoted\" 🎈") with
        {
            Rank = long.MaxValue,
            Price = 12345678901234.5678m,
            At = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(5)).AddTicks(1234567),
            Kind = NoteKind.RichText,
            Pinned = true,
            Origin = new NoteOrigin("src/a b.cs", 7),
            Tags = ["x", "", "y"],
        };

        var inserted = await Notes.InsertAsync(note, Token);
        var found = await Notes.FindAsync(note.Id, Token);

        inserted.ShouldBe(note with { Version = 1 });
        ShouldBeSame(found, inserted);
    }

    [Fact]
    public async Task Nothing_is_found_under_an_unknown_id() => (await Notes.FindAsync(Guid.NewGuid(), Token)).ShouldBeNull();

    [Fact]
    public async Task An_id_can_be_inserted_once()
    {
        var note = await InsertAsync("once");

        (await FailureAsync(() => Notes.InsertAsync(note, Token))).ShouldBe(DocumentStoreError.Duplicate);
    }

    [Fact]
    public async Task Replacing_needs_the_version_that_was_read()
    {
        var first = await InsertAsync("first");

        var second = await Notes.ReplaceAsync(first with { Title = "second" }, Token);
        second.Version.ShouldBe(2);
        (await FailureAsync(() => Notes.ReplaceAsync(first with { Title = "lost" }, Token))).ShouldBe(DocumentStoreError.VersionMismatch);

        ShouldBeSame(await Notes.FindAsync(first.Id, Token), second);
        (await FailureAsync(() => Notes.ReplaceAsync(New("never stored") with { Version = 1 }, Token))).ShouldBe(DocumentStoreError.NotFound);
    }

    [Fact]
    public async Task Of_many_that_replace_the_same_version_one_wins()
    {
        var note = await InsertAsync("contested");

        var attempts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            try
            {
                await Notes.ReplaceAsync(note with { Rank = number }, Token);
                return 1;
            }
            catch (DocumentStoreException exception) when (exception.Error == DocumentStoreError.VersionMismatch)
            {
                return 0;
            }
        }));

        attempts.Sum().ShouldBe(1);
        (await Notes.FindAsync(note.Id, Token))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_can_expect_a_version()
    {
        var note = await InsertAsync("short-lived");

        (await FailureAsync(() => Notes.DeleteAsync(note.Id, 2, Token))).ShouldBe(DocumentStoreError.VersionMismatch);
        (await Notes.DeleteAsync(note.Id, 1, Token)).ShouldBeTrue();
        (await Notes.DeleteAsync(note.Id, 1, Token)).ShouldBeFalse();
        (await Notes.DeleteAsync(note.Id, null, Token)).ShouldBeFalse();
        (await Notes.FindAsync(note.Id, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_unique_index_refuses_doubles_but_not_missing_values()
    {
        var note = await Notes.InsertAsync(New("a") with { Slug = "same" }, Token);
        await InsertAsync("b");
        var other = await InsertAsync("c");

        (await FailureAsync(() => Notes.InsertAsync(New("d") with { Slug = "same" }, Token))).ShouldBe(DocumentStoreError.Duplicate);
        (await FailureAsync(() => Notes.ReplaceAsync(other with { Slug = "same" }, Token))).ShouldBe(DocumentStoreError.Duplicate);
        (await Notes.InsertAsync(New("e") with { Slug = "Same" }, Token)).Version.ShouldBe(1);
        (await Notes.InsertAsync(note with { Id = Guid.NewGuid(), OwnerId = Guid.NewGuid() }, Token)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Equality_regards_case_and_kind()
    {
        await InsertAsync("Apple", "apple", "10", "true");
        await Notes.InsertAsync(New("x") with { Rank = 10, Pinned = true, Kind = NoteKind.RichText, Origin = new NoteOrigin("deep", 1) }, Token);

        (await TitlesAsync(Mine.Equal(note => note.Title, "apple"))).ShouldBe(["apple"]);
        (await TitlesAsync(Mine.Equal(note => note.Title, "10"))).ShouldBe(["10"]);
        (await TitlesAsync(Mine.Equal(note => note.Rank, 10))).ShouldBe(["x"]);
        (await TitlesAsync(Mine.Equal(note => note.Pinned, true))).ShouldBe(["x"]);
        (await TitlesAsync(Mine.Equal(note => note.Kind, NoteKind.RichText))).ShouldBe(["x"]);
        (await TitlesAsync(Mine.Equal(note => note.Origin!.Path, "deep"))).ShouldBe(["x"]);
    }

    [Fact]
    public async Task Null_finds_what_has_no_value()
    {
        await InsertAsync("a");
        await Notes.InsertAsync(New("b") with { Rank = 1, Origin = new NoteOrigin(null, 1) }, Token);

        (await TitlesAsync(Mine.Equal(note => note.Rank, null))).ShouldBe(["a"]);
        (await TitlesAsync(Mine.Equal(note => note.Origin!.Path, null))).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task One_of_several_values_is_enough()
    {
        await InsertAsync("a", "b", "c");
        await Notes.InsertAsync(New("n") with { Rank = 3 }, Token);

        (await TitlesAsync(Mine.In(note => note.Title, ["a", "c", "z"]))).ShouldBe(["a", "c"], ignoreOrder: true);
        (await TitlesAsync(Mine.In(note => note.Rank, [1, 3]))).ShouldBe(["n"]);
        (await TitlesAsync(Mine.In(note => note.Title, []))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prefix_is_taken_literally_and_with_its_case()
    {
        await InsertAsync("50% off", "50x off", "50", "a.b", "axb", "Über", "über");

        (await TitlesAsync(Mine.StartsWith(note => note.Title, "50%"))).ShouldBe(["50% off"]);
        (await TitlesAsync(Mine.StartsWith(note => note.Title, "a."))).ShouldBe(["a.b"]);
        (await TitlesAsync(Mine.StartsWith(note => note.Title, "Ü"))).ShouldBe(["Über"]);
        (await TitlesAsync(Mine.StartsWith(note => note.Title, "50"))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Contained_text_is_taken_literally_in_any_case()
    {
        await InsertAsync("Hello World", "worldly", "100%_x", "1000 x", "Grüße ÜBER", "a\\b");

        (await TitlesAsync(Mine.Contains(note => note.Title, "WORLD"))).ShouldBe(["Hello World", "worldly"], ignoreOrder: true);
        (await TitlesAsync(Mine.Contains(note => note.Title, "0%_"))).ShouldBe(["100%_x"]);
        (await TitlesAsync(Mine.Contains(note => note.Title, "über"))).ShouldBe(["Grüße ÜBER"]);
        (await TitlesAsync(Mine.Contains(note => note.Title, "\\"))).ShouldBe(["a\\b"]);
    }

    [Fact]
    public async Task Ranges_begin_with_and_end_before_their_bounds()
    {
        for (var rank = -2; rank <= 12; rank += 2) await Notes.InsertAsync(New($"r{rank}") with { Rank = rank, Price = rank / 4m }, Token);
        await InsertAsync("none");

        (await TitlesAsync(Mine.Range<long>(note => note.Rank, -2, 4).OrderBy(note => note.Rank))).ShouldBe(["r-2", "r0", "r2"]);
        (await TitlesAsync(Mine.Range<long>(note => note.Rank, 10, null).OrderBy(note => note.Rank))).ShouldBe(["r10", "r12"]);
        (await TitlesAsync(Mine.Range<long>(note => note.Rank, null, 0))).ShouldBe(["r-2"]);
        (await TitlesAsync(Mine.Range<decimal>(note => note.Price, 2.5m, 3m))).ShouldBe(["r10"]);
    }

    [Fact]
    public async Task Times_compare_as_moments()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await Notes.InsertAsync(New("noon in Karachi") with { At = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(5)) }, Token);
        await Notes.InsertAsync(New("noon") with { At = noon }, Token);
        await Notes.InsertAsync(New("a tick later") with { At = noon.AddTicks(1) }, Token);

        (await TitlesAsync(Mine.OrderBy(note => note.At))).ShouldBe(["noon in Karachi", "noon", "a tick later"]);
        (await TitlesAsync(Mine.Range<DateTimeOffset>(note => note.At, noon, noon.AddTicks(1)))).ShouldBe(["noon"]);
        (await TitlesAsync(Mine.Equal(note => note.At, noon.ToOffset(TimeSpan.FromHours(-7))))).ShouldBe(["noon"]);
    }

    [Fact]
    public async Task Sorting_is_by_code_point_with_missing_values_first()
    {
        await InsertAsync("b", "B", "a", "ä", "Z", "10", "9");
        await Notes.InsertAsync(New(null), Token);

        (await TitlesAsync(Mine.OrderBy(note => note.Title))).ShouldBe([null, "10", "9", "B", "Z", "a", "b", "ä"]);
        (await TitlesAsync(Mine.OrderByDescending(note => note.Title))).ShouldBe(["ä", "b", "a", "Z", "B", "9", "10", null]);
    }

    [Fact]
    public async Task Numbers_sort_by_value()
    {
        foreach (var rank in (long?[])[100, 9, -1, null, 10]) await Notes.InsertAsync(New($"{rank}") with { Rank = rank }, Token);

        (await TitlesAsync(Mine.OrderBy(note => note.Rank))).ShouldBe(["", "-1", "9", "10", "100"]);
    }

    [Fact]
    public async Task Pages_by_offset_cover_everything_once()
    {
        await InsertAsync([.. Enumerable.Range(0, 25).Select(number => $"t{number:00}")]);

        var pages = new List<string?>();
        for (var offset = 0; offset < 30; offset += 10) pages.AddRange(await TitlesAsync(Mine.OrderBy(note => note.Title).Skip(offset).Take(10)));

        pages.ShouldBe(Enumerable.Range(0, 25).Select(number => (string?)$"t{number:00}"));
        (await Notes.CountAsync(Mine.Skip(3).Take(5), Token)).ShouldBe(25);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_by_cursor_cover_everything_once_even_where_values_repeat_or_are_missing(bool descending)
    {
        for (var number = 0; number < 23; number++) await Notes.InsertAsync(New($"{number}") with { Rank = number % 3 == 0 ? null : number % 5 }, Token);
        var query = descending ? Mine.OrderByDescending(note => note.Rank) : Mine.OrderBy(note => note.Rank);
        var whole = (await Notes.QueryAsync(query.Take(100), Token)).Items.Select(note => note.Id).ToList();

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await Notes.QueryAsync(query.Take(4).After(cursor), Token);
            page.Items.Count.ShouldBeInRange(1, 4);
            seen.AddRange(page.Items.Select(note => note.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        seen.ShouldBe(whole);
        seen.Distinct().Count().ShouldBe(23);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cursor_ignores_what_is_inserted_before_it(bool descending)
    {
        await InsertAsync("b", "d", "f", "h");
        var query = (descending ? Mine.OrderByDescending(note => note.Title) : Mine.OrderBy(note => note.Title)).Take(2);
        var first = await Notes.QueryAsync(query, Token);

        await InsertAsync(descending ? "z" : "a");
        var second = await Notes.QueryAsync(query.After(first.Next), Token);

        second.Items.Select(note => note.Title).ShouldBe(descending ? ["d", "b"] : ["f", "h"]);
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Documents_are_paged_by_id_when_no_order_is_given()
    {
        await InsertAsync("a", "b", "c");

        var first = await Notes.QueryAsync(Mine.Take(2), Token);
        var second = await Notes.QueryAsync(Mine.Take(2).After(first.Next), Token);

        var ids = first.Items.Concat(second.Items).Select(note => note.Id.ToString()).ToList();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused()
    {
        await Should.ThrowAsync<FormatException>(() => Notes.QueryAsync(Mine.After("not a cursor"), Token));
        await Should.ThrowAsync<FormatException>(() => Notes.QueryAsync(Mine.After("AAAA"), Token));
    }

    [Fact]
    public async Task Many_are_deleted_by_condition()
    {
        await InsertAsync("a1", "a2", "b1");

        (await Notes.DeleteManyAsync(Mine.StartsWith(note => note.Title, "a"), Token)).ShouldBe(2);

        (await TitlesAsync(Mine)).ShouldBe(["b1"]);
    }

    [Fact]
    public async Task Fields_without_an_index_cannot_be_asked_for()
    {
        await Should.ThrowAsync<ArgumentException>(() => Notes.QueryAsync(Mine.Equal(note => note.Hidden, "x"), Token));
        await Should.ThrowAsync<ArgumentException>(() => Notes.QueryAsync(Mine.OrderBy(note => note.Hidden), Token));
    }

    [Fact]
    public async Task Text_with_nul_is_refused() =>
        (await FailureAsync(() => Notes.InsertAsync(New("a\0b"), Token))).ShouldBe(DocumentStoreError.Failed);

    [Fact]
    public async Task Collections_do_not_mix()
    {
        var note = await InsertAsync("here");
        var other = Store.GetCollection(new DocumentCollection<Note>("conformance_other").WithIndex(item => item.OwnerId));

        (await other.FindAsync(note.Id, Token)).ShouldBeNull();
        (await other.CountAsync(Mine, Token)).ShouldBe(0);
        await other.InsertAsync(note, Token);
        (await Notes.CountAsync(Mine, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task Indexes_can_be_made_by_several_at_once()
    {
        var name = $"c{Guid.NewGuid():N}"[..20];
        var writes = Enumerable.Range(0, 8).Select(number => Store
            .GetCollection(new DocumentCollection<Note>(name).WithIndex(note => note.OwnerId, note => note.Rank))
            .InsertAsync(New($"{number}"), Token));

        (await Task.WhenAll(writes)).Length.ShouldBe(8);
    }

    /// <summary>Records compare lists by identity.</summary>
    private static void ShouldBeSame(Note? actual, Note expected)
    {
        actual.ShouldNotBeNull().Tags.ShouldBe(expected.Tags);
        (actual with { Tags = expected.Tags }).ShouldBe(expected);
    }

    private static async Task<DocumentStoreError> FailureAsync(Func<Task> call) => (await Should.ThrowAsync<DocumentStoreException>(call)).Error;

    private Note New(string? title) => new() { OwnerId = _owner, Title = title };

    private async Task<Note> InsertAsync(params string[] titles)
    {
        Note? last = null;
        foreach (var title in titles) last = await Notes.InsertAsync(New(title), Token);
        return last!;
    }

    private async Task<IReadOnlyList<string?>> TitlesAsync(DocumentQuery<Note> query) =>
        [.. (await Notes.QueryAsync(query, Token)).Items.Select(note => note.Title)];
}
