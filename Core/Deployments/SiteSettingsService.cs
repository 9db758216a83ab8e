using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Realtime;

namespace Platform.Core.Deployments;

/// <summary>A site's settings as its owner sets them. What is null means the installation's default.</summary>
/// <param name="Protection">One of <see cref="SiteProtection"/>.</param>
/// <param name="Password">A new password; null keeps the one there is.</param>
/// <param name="SpaFallback">Unknown paths answer with the first page; null: as detected.</param>
/// <param name="KeepDeployments">Deployments that keep their files.</param>
/// <param name="KeepBytes">Bytes that they may have together.</param>
/// <param name="AssetHours">Hours for which replaced hashed assets stay reachable.</param>
public sealed record SiteSettingsChange(
    string Protection, string? Password, bool? SpaFallback, int? KeepDeployments, long? KeepBytes, int? AssetHours);

/// <summary>What became of a change of settings.</summary>
public enum SiteSettingsOutcome
{
    Saved,

    /// <summary>A protected site needs a password of 8 to 200 characters.</summary>
    PasswordNeeded,

    /// <summary>A number is out of its range, or the protection unknown.</summary>
    Invalid,
}

/// <summary>Reads and writes how sites are served and kept.</summary>
public sealed class SiteSettingsService(PlatformDbContext db, IEventBus events, TimeProvider time)
{
    /// <summary>Shortest password.</summary>
    public const int MinPassword = 8;

    /// <summary>Longest password.</summary>
    public const int MaxPassword = 200;

    /// <summary>Most hours for which replaced assets stay reachable.</summary>
    public const int MaxAssetHours = 24 * 365;

    private const int MaxDeployments = 100_000;
    private static readonly PasswordHasher<SiteSettings> Hasher = new();

    /// <summary>The project's settings; defaults when it has none of its own.</summary>
    public async Task<SiteSettings> FindAsync(Guid projectId, CancellationToken cancellationToken) =>
        await db.SiteSettings.AsNoTracking().FirstOrDefaultAsync(settings => settings.ProjectId == projectId, cancellationToken)
        ?? new SiteSettings { ProjectId = projectId };

    /// <summary>Replaces the project's settings; the sites host follows at once.</summary>
    public async Task<SiteSettingsOutcome> SaveAsync(Guid projectId, SiteSettingsChange change, CancellationToken cancellationToken)
    {
        if (!IsValid(change)) return SiteSettingsOutcome.Invalid;
        if (change.Password is { Length: < MinPassword or > MaxPassword }) return SiteSettingsOutcome.PasswordNeeded;
        var current = await FindAsync(projectId, cancellationToken);
        if (change.Protection != SiteProtection.Off && change.Password is null && current.PasswordHash is null) return SiteSettingsOutcome.PasswordNeeded;

        var hash = change.Password is null ? current.PasswordHash : Hasher.HashPassword(current, change.Password);
        var stamp = change.Password is null ? current.PasswordStamp : Guid.NewGuid();
        var now = time.GetUtcNow();
        // Two at the same time: the later one wins as a whole.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO site_settings (project_id, protection, password_hash, password_stamp, spa_fallback, keep_deployments, keep_bytes, asset_hours, updated_at)
            VALUES ({projectId}, {change.Protection}, {hash}, {stamp}, {change.SpaFallback}, {change.KeepDeployments}, {change.KeepBytes}, {change.AssetHours}, {now})
            ON CONFLICT (project_id) DO UPDATE SET protection = excluded.protection, password_hash = excluded.password_hash, password_stamp = excluded.password_stamp,
                spa_fallback = excluded.spa_fallback, keep_deployments = excluded.keep_deployments, keep_bytes = excluded.keep_bytes,
                asset_hours = excluded.asset_hours, updated_at = excluded.updated_at
            """,
            cancellationToken);
        var slug = await db.Projects.Where(project => project.Id == projectId).Select(project => project.Slug).FirstAsync(cancellationToken);
        await SiteAnnouncements.TryAsync(events, slug, cancellationToken);
        return SiteSettingsOutcome.Saved;
    }

    /// <summary>True when the password is the one that the hash was made of.</summary>
    public static bool Verify(string passwordHash, string password) =>
        password.Length <= MaxPassword && Hasher.VerifyHashedPassword(new SiteSettings(), passwordHash, password) != PasswordVerificationResult.Failed;

    private static bool IsValid(SiteSettingsChange change) =>
        SiteProtection.All.Contains(change.Protection)
        && change.KeepDeployments is null or (>= 1 and <= MaxDeployments)
        && change.KeepBytes is null or >= 1
        && change.AssetHours is null or (>= 0 and <= MaxAssetHours);
}
