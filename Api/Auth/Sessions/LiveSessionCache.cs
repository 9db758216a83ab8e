using System.Globalization;
using System.Text.Json;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Api.Auth.Sessions;

/// <summary>
/// Metadata of live sessions in Redis, for all instances. A second key beside it says that somebody has just asked the database; only while
/// that one lives is the metadata an answer. So whatever is lost, late or left over in Redis, nobody trusts it for longer than
/// <see cref="Trust"/>, and nobody is signed out by its absence.
/// </summary>
internal sealed class LiveSessionCache(RedisGate gate, TimeProvider time)
{
    public static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(500);

    public async Task<LiveSession?> FindAsync(Guid sessionId)
    {
        RedisKey[] keys = [Metadata(sessionId), Checked(sessionId)];
        var (answered, values) = await gate.TryAsync(redis => redis.StringGetAsync(keys));
        return answered && values is [{ IsNullOrEmpty: false } metadata, { IsNullOrEmpty: false }]
            ? JsonSerializer.Deserialize<LiveSession>((string)metadata!)
            : null;
    }

    public Task SetAsync(Guid sessionId, LiveSession session)
    {
        var life = session.ExpiresAt - time.GetUtcNow();
        if (life <= TimeSpan.Zero) return Task.CompletedTask;
        return gate.TryAsync(async redis =>
        {
            var batch = redis.CreateBatch();
            var stored = batch.StringSetAsync(Metadata(sessionId), JsonSerializer.Serialize(session), life);
            var marked = batch.StringSetAsync(Checked(sessionId), "1", Trust);
            batch.Execute();
            return await stored & await marked;
        });
    }

    public Task RemoveAsync(IEnumerable<Guid> sessionIds)
    {
        RedisKey[] keys = [.. sessionIds.SelectMany(id => (RedisKey[])[Metadata(id), Checked(id)])];
        return keys.Length == 0 ? Task.CompletedTask : gate.TryAsync(redis => redis.KeyDeleteAsync(keys));
    }

    private static RedisKey Metadata(Guid id) => string.Create(CultureInfo.InvariantCulture, $"session:{id:N}");

    private static RedisKey Checked(Guid id) => string.Create(CultureInfo.InvariantCulture, $"session:{id:N}:checked");
}
