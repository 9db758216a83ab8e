using System.Net;
using static Platform.Api.Tests.Snippets.SnippetsApiTests;

namespace Platform.Api.Tests.Snippets;

[Trait("Category", "Integration")]
public sealed class SnippetListTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Lists_are_filtered_sorted_and_paged()
    {
        var user = await api.SignUpAsync();
        await CreateAsync(user, new { title = "Quick sort", language = "python", code = "1", tags = new[] { "sort", "cs" } });
        await CreateAsync(user, new { title = "Bubble", description = "slow SORT", language = "javascript", code = "1", tags = new[] { "css" } });
        await CreateAsync(user, new { title = "100% _done_", language = "python", code = "1", visibility = "unlisted" });

        (await ListAsync(user)).Select(Title).ShouldBe(["100% _done_", "Bubble", "Quick sort"]);
        (await ListAsync(user, "?search=sort")).Select(Title).ShouldBe(["Bubble", "Quick sort"]);
        (await ListAsync(user, "?search=%25%20_")).Select(Title).ShouldBe(["100% _done_"]);
        (await ListAsync(user, "?tag=cs")).Select(Title).ShouldBe(["Quick sort"]);
        (await ListAsync(user, "?language=js")).Select(Title).ShouldBe(["Bubble"]);
        (await ListAsync(user, "?visibility=unlisted")).Select(Title).ShouldBe(["100% _done_"]);
        (await ListAsync(user, "?limit=1&page=2")).Select(Title).ShouldBe(["Bubble"]);
        var first = await (await user.Client.GetAsync("/api/snippets?limit=2")).ReadJsonAsync();
        first.GetProperty("pagination").GetProperty("totalItems").GetInt64().ShouldBe(3);
        first.GetProperty("pagination").GetProperty("totalPages").GetInt32().ShouldBe(2);
        (await ListAsync(user, $"?limit=2&cursor={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}")).Select(Title).ShouldBe(["Quick sort"]);
    }

    [Theory]
    [InlineData("?limit=0"), InlineData("?page=0"), InlineData("?scope=all"), InlineData("?language=klingon"), InlineData("?cursor=nonsense")]
    public async Task A_query_that_makes_no_sense_is_refused(string query)
    {
        var user = await api.SignUpAsync();

        await (await user.Client.GetAsync($"/api/snippets{query}")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task What_was_found_good_lets_nothing_else_pass()
    {
        var user = await api.SignUpAsync();
        foreach (var (query, status) in new[] { ("?limit=3", 200), ("?limit=3", 200), ("?limit=0", 422), ("?limit=0", 422), ("?limit=3", 200), ("?limit=3&page=0", 422), ("?limit=4", 200) })
            ((int)(await user.Client.GetAsync($"/api/snippets{query}")).StatusCode).ShouldBe(status, query);
    }

    [Fact]
    public async Task The_public_list_shows_what_is_public_of_all()
    {
        var (one, two) = (await api.SignUpAsync(), await api.SignUpAsync());
        var tag = $"t{Guid.NewGuid():N}"[..20];
        await CreateAsync(one, new { title = "open", language = "python", code = "1", visibility = "public", tags = new[] { tag } });
        await CreateAsync(one, new { title = "closed", language = "python", code = "1", tags = new[] { tag } });
        await CreateAsync(one, new { title = "by link", language = "python", code = "1", visibility = "unlisted", tags = new[] { tag } });

        (await ListAsync(two, $"?scope=public&tag={tag}")).Select(Title).ShouldBe(["open"]);
    }

    [Fact]
    public async Task A_write_is_seen_by_the_next_list_of_every_instance()
    {
        await using var second = api.With();
        var user = await api.SignUpAsync();
        using var elsewhere = second.CreateClient();
        elsewhere.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var there = user with { Client = elsewhere };

        for (var number = 1; number <= 5; number++)
        {
            (await ListAsync(user)).Count.ShouldBe(number - 1);
            (await ListAsync(there)).Count.ShouldBe(number - 1);
            await CreateAsync(number % 2 == 0 ? user : there, new { title = $"{number}", language = "python", code = "1" });
        }

        var last = (await ListAsync(there))[0];
        (await user.Client.DeleteAsync(Address(last))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(there)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_list_that_did_not_change_is_not_sent_again()
    {
        var user = await api.SignUpAsync();
        var first = await user.Client.GetAsync("/api/snippets");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/snippets");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await user.Client.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        await CreateAsync(user, new { title = "new", language = "python", code = "1" });
        using var after = new HttpRequestMessage(HttpMethod.Get, "/api/snippets");
        after.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await user.Client.SendAsync(after)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lists_are_right_without_a_cache()
    {
        await using var alone = api.With(("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200,connectRetry=0"), (ApiFactory.RedisPatience, "00:00:01"));
        var user = await api.SignUpAsync();
        using var client = alone.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var there = user with { Client = client };

        (await ListAsync(there)).ShouldBeEmpty();
        await CreateAsync(there, new { title = "x", language = "python", code = "1" });
        (await ListAsync(there)).Select(Title).ShouldBe(["x"]);
    }
}
