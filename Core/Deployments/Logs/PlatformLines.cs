using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Core.Deployments.Logs;

/// <summary>
/// Lines that the platform adds to the log of a deployment that no worker is at: why it ended before it began. The log of a running build belongs to
/// its worker.
/// </summary>
public sealed class PlatformLines(DeploymentEnvironment environments, TimeProvider time)
{
    /// <summary>A warning: it did not go as somebody had wished.</summary>
    public const string Warning = "warning";

    /// <summary>It failed.</summary>
    public const string Error = "error";

    /// <summary>Adds a line after the last one, masked as all others; part of the caller's transaction, which holds the deployment.</summary>
    public async Task AppendAsync(PlatformDbContext database, Guid deploymentId, string level, string message, CancellationToken cancellationToken)
    {
        var stored = await database.Deployments.Where(row => row.Id == deploymentId).Select(row => row.EnvVars).SingleOrDefaultAsync(cancellationToken);
        // A name, of a person or a branch, is no place for what moves a terminal's cursor.
        var line = new SecretMasker(Read(stored)).Apply(string.Concat(message.Select(character => char.IsControl(character) ? ' ' : character)));
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        // A worker that has just lost the deployment may still write: then the number after that.
        while (await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO deployment_logs (id, deployment_id, seq, timestamp, log_level, message, created_at)
             SELECT {id}, {deploymentId}, coalesce(max(seq), 0) + 1, {now}, {level}, {line}, {now} FROM deployment_logs WHERE deployment_id = {deploymentId}
             ON CONFLICT (deployment_id, seq) DO NOTHING
             """,
            cancellationToken) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private IReadOnlyDictionary<string, string> Read(string? stored)
    {
        try
        {
            return environments.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            // Another installation's keys: nobody here can know the values, the build neither.
            return new Dictionary<string, string>();
        }
    }
}
