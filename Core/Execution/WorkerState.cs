using System.Text.Json;

namespace Platform.Core.Execution;

/// <summary>What a worker tells about itself: an entry of the Redis hash <see cref="Key"/> under the worker's name.</summary>
/// <param name="Languages">Ids of the languages whose image is there.</param>
/// <param name="Building">Ids of those whose image is being built.</param>
/// <param name="Buildable">Ids of those whose image is built when it is first needed.</param>
/// <param name="ExpiresAt">After this the worker counts as gone, unless it has said so again.</param>
public sealed record WorkerState(IReadOnlyList<string> Languages, IReadOnlyList<string> Building, IReadOnlyList<string> Buildable, DateTimeOffset ExpiresAt)
{
    /// <summary>The Redis hash of all workers.</summary>
    public const string Key = "execution:workers";

    /// <summary>How long a state holds; workers renew it several times within.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    public static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web);
}
