using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Http;

namespace Platform.Web.Sites;

/// <summary>
/// How often passwords of sites may be tried: by one visitor, and by all together, since many addresses may belong to one guesser. Redis counts
/// for all instances; while it is away each counts for itself and allows half.
/// </summary>
internal sealed class PasswordAttempts(RedisGate gate, IOptions<SiteHostOptions> options) : IDisposable
{
    private const int SiteFactor = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Whoever is refused is not counted: otherwise a guesser who goes on would lock everybody else out for good.
    private const string Script = """
        for at, key in ipairs(KEYS) do
            if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[at + 1]) then return math.max(redis.call('PTTL', key), 1) end
        end
        for _, key in ipairs(KEYS) do
            redis.call('INCR', key)
            if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[1]) end
        end
        return 0
        """;

    private readonly PartitionedRateLimiter<(Guid Project, string Visitor)> _local = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(Guid Project, string Visitor), (Guid, string)>(visitor => Half(visitor, options.Value.PasswordAttempts)),
        PartitionedRateLimiter.Create<(Guid Project, string Visitor), Guid>(visitor => Half(visitor.Project, options.Value.PasswordAttempts * SiteFactor)));

    /// <summary>Null: the visitor may try. Else how long he has to wait.</summary>
    public async Task<TimeSpan?> TakeAsync(Guid projectId, IPAddress? address)
    {
        var (attempts, visitor) = (options.Value.PasswordAttempts, ClientNetwork.Of(address));
        var site = string.Create(CultureInfo.InvariantCulture, $"limit:site-password:{projectId:N}");
        var (answered, wait) = await gate.TryAsync(redis => redis.ScriptEvaluateAsync(
            Script, [$"{site}:{visitor}", site], [(long)Window.TotalMilliseconds, attempts, attempts * SiteFactor]));
        if (answered) return (long)wait! is 0 ? null : TimeSpan.FromMilliseconds((long)wait!);
        using var lease = _local.AttemptAcquire((projectId, visitor));
        return lease.IsAcquired ? null : Window;
    }

    public void Dispose() => _local.Dispose();

    private static RateLimitPartition<T> Half<T>(T key, int attempts) => RateLimitPartition.GetFixedWindowLimiter(
        key, _ => new FixedWindowRateLimiterOptions { PermitLimit = Math.Max(1, attempts / 2), Window = Window, QueueLimit = 0 });
}
