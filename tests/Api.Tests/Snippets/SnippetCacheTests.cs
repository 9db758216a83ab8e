using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Snippets;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Api.Tests.Snippets;

[Trait("Category", "Integration")]
public sealed class SnippetCacheTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Of_many_who_ask_at_once_one_makes_the_list()
    {
        using var cache = Create();
        var loads = 0;
        var go = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 50).Select(_ => cache.GetAsync("a", "list", LoadAsync, CancellationToken.None).AsTask()).ToList();
        await Eventually.TrueAsync(() => Volatile.Read(ref loads) == 1);
        go.SetResult();

        (await Task.WhenAll(asked)).Select(Text).Distinct().ShouldBe(["1"]);
        Text(await cache.GetAsync("a", "list", LoadAsync, CancellationToken.None)).ShouldBe("1");

        async Task<byte[]> LoadAsync(CancellationToken token)
        {
            var number = Interlocked.Increment(ref loads);
            await go.Task.WaitAsync(token);
            return Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_list_from_the_others()
    {
        using var cache = Create();
        using var gone = new CancellationTokenSource();
        var go = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var first = cache.GetAsync("b", "list", LoadAsync, gone.Token).AsTask();
        await started.Task;
        var second = cache.GetAsync("b", "list", LoadAsync, CancellationToken.None);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        go.SetResult();

        Text(await second).ShouldBe("made");

        async Task<byte[]> LoadAsync(CancellationToken token)
        {
            started.TrySetResult();
            await go.Task.WaitAsync(token);
            return "made"u8.ToArray();
        }
    }

    [Fact]
    public async Task A_list_made_before_a_write_is_not_found_after_it()
    {
        using var cache = Create();
        using var other = Create();
        var go = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var old = cache.GetAsync("c", "list", async token =>
        {
            started.SetResult();
            await go.Task.WaitAsync(token);
            return "before"u8.ToArray();
        }, CancellationToken.None);
        await started.Task;

        await other.ForgetAsync("c");
        go.SetResult();

        Text(await old).ShouldBe("before");
        Text(await cache.GetAsync("c", "list", _ => Task.FromResult("after"u8.ToArray()), CancellationToken.None)).ShouldBe("after");
        Text(await other.GetAsync("c", "list", _ => Task.FromResult("never"u8.ToArray()), CancellationToken.None)).ShouldBe("after");
    }

    [Fact]
    public async Task A_failed_load_is_tried_again()
    {
        using var cache = Create();
        await Should.ThrowAsync<InvalidOperationException>(() => cache.GetAsync("d", "list", _ => throw new InvalidOperationException("no"), CancellationToken.None).AsTask());

        Text(await cache.GetAsync("d", "list", _ => Task.FromResult("yes"u8.ToArray()), CancellationToken.None)).ShouldBe("yes");
    }

    private SnippetCache Create()
    {
        var gate = new RedisGate(redis.Connection, TimeProvider.System, NullLogger<RedisGate>.Instance, TimeSpan.FromMinutes(1));
        return new SnippetCache(gate, new SnippetGenerations(gate, TimeProvider.System), Options.Create(new SnippetOptions()));
    }

    private static string Text(CachedList list) => Encoding.UTF8.GetString(list.Body);
}
