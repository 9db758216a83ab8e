using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Realtime;

namespace Platform.Core.Deployments.Domains;

/// <summary>What became of a wish to add a domain.</summary>
public enum DomainOutcome
{
    Added,

    /// <summary>Not a host name, or one of the platform's own.</summary>
    Refused,

    /// <summary>The project has it already.</summary>
    Duplicate,

    /// <summary>The project has as many as it may have.</summary>
    TooMany,
}

/// <summary>
/// Domains of users. One is served once its owner has shown to control it: by a TXT record with the token, or by an alias to the project's own
/// host name. A claim alone blocks nobody; of two who claim the same name, the one who shows control has it.
/// </summary>
public sealed class SiteDomains(
    PlatformDbContext db, IDomainResolver resolver, SiteAddresses addresses, ReservedHosts reserved, IEventBus events, TimeProvider time)
{
    /// <summary>The label below which the TXT record stands.</summary>
    public const string RecordLabel = "_autostack";

    private const int MaxDomains = 50;
    private const int MaxMisses = 3;
    private const int BatchSize = 100;
    private const int LongestHost = 253;
    private static readonly TimeSpan PendingFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan PendingInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan VerifiedInterval = TimeSpan.FromHours(12);

    /// <summary>The TXT record that shows control: its name and what it says.</summary>
    public static (string Name, string Value) RecordOf(SiteDomain domain) => ($"{RecordLabel}.{domain.Host}", $"autostack-verification={domain.Token}");

    /// <summary>The host name that an alias has to lead to.</summary>
    public string AliasOf(string slug) => $"{slug}.{addresses.Domain}";

    /// <summary>Claims a domain for a project.</summary>
    public async Task<(DomainOutcome Outcome, SiteDomain? Domain)> AddAsync(Guid projectId, Guid ownerId, string host, CancellationToken cancellationToken)
    {
        // The record's label has to fit in front.
        if (!DomainName.TryNormalize(host, out var name) || name.Length + RecordLabel.Length + 1 > LongestHost || reserved.Contains(name)) return (DomainOutcome.Refused, null);
        if (await db.SiteDomains.CountAsync(domain => domain.ProjectId == projectId, cancellationToken) >= MaxDomains) return (DomainOutcome.TooMany, null);
        var added = new SiteDomain
        {
            ProjectId = projectId,
            OwnerId = ownerId,
            Host = name,
            Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            CreatedAt = time.GetUtcNow(),
        };
        db.SiteDomains.Add(added);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return (DomainOutcome.Added, added);
        }
        catch (DbUpdateException exception) when (IsTaken(exception))
        {
            db.Entry(added).State = EntityState.Detached;
            return (DomainOutcome.Duplicate, null);
        }
    }

    public Task<List<SiteDomain>> ListAsync(Guid projectId, CancellationToken cancellationToken) =>
        db.SiteDomains.AsNoTracking().Where(domain => domain.ProjectId == projectId).OrderBy(domain => domain.CreatedAt).ToListAsync(cancellationToken);

    /// <summary>False: the project has no such domain.</summary>
    public async Task<bool> RemoveAsync(Guid projectId, Guid domainId, CancellationToken cancellationToken)
    {
        var removed = await db.SiteDomains.Where(domain => domain.Id == domainId && domain.ProjectId == projectId).ExecuteDeleteAsync(cancellationToken) > 0;
        if (removed) await AnnounceAsync(projectId, cancellationToken);
        return removed;
    }

    /// <summary>Makes a verified domain the one that answers name as the site's address. Null: the project has no such domain; false: it is not verified.</summary>
    public Task<bool?> MakePrimaryAsync(Guid projectId, Guid domainId, CancellationToken cancellationToken) => db.InTransactionAsync<bool?>(
        async token =>
        {
            // Two at the same time come one after the other.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM projects WHERE id = {projectId} FOR UPDATE", token);
            var status = await db.SiteDomains.Where(domain => domain.Id == domainId && domain.ProjectId == projectId).Select(domain => domain.Status).FirstOrDefaultAsync(token);
            if (status is null) return null;
            if (status != SiteDomainStatus.Verified) return false;
            await db.SiteDomains.Where(domain => domain.ProjectId == projectId && domain.IsPrimary && domain.Id != domainId)
                .ExecuteUpdateAsync(row => row.SetProperty(domain => domain.IsPrimary, false), token);
            await db.SiteDomains.Where(domain => domain.Id == domainId).ExecuteUpdateAsync(row => row.SetProperty(domain => domain.IsPrimary, true), token);
            return true;
        },
        cancellationToken);

    /// <summary>Looks for the proof now. Null: the project has no such domain.</summary>
    public async Task<SiteDomain?> VerifyAsync(Guid projectId, Guid domainId, CancellationToken cancellationToken)
    {
        var domain = await db.SiteDomains.FirstOrDefaultAsync(candidate => candidate.Id == domainId && candidate.ProjectId == projectId, cancellationToken);
        if (domain is not null) await CheckAsync(domain, cancellationToken);
        return domain;
    }

    /// <summary>Looks again at claims that wait and at domains that were verified a while ago.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> CheckDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (pending, verified, oldest) = (now - PendingInterval, now - VerifiedInterval, now - PendingFor);
        var due = await db.SiteDomains
            .Where(domain =>
                (domain.Status == SiteDomainStatus.Pending && (domain.CheckedAt == null || domain.CheckedAt < pending))
                || (domain.Status == SiteDomainStatus.Verified && domain.CheckedAt < verified))
            .OrderBy(domain => domain.CheckedAt).Take(BatchSize).ToListAsync(cancellationToken);
        foreach (var domain in due)
        {
            await CheckAsync(domain, cancellationToken);
            if (domain.Status != SiteDomainStatus.Pending || domain.CreatedAt >= oldest) continue;
            domain.Status = SiteDomainStatus.Failed;
            await db.SaveChangesAsync(cancellationToken);
        }

        return due.Count;
    }

    private async Task CheckAsync(SiteDomain domain, CancellationToken cancellationToken)
    {
        var was = domain.Status;
        var slug = await db.Projects.Where(project => project.Id == domain.ProjectId).Select(project => project.Slug).FirstAsync(cancellationToken);
        domain.CheckedAt = time.GetUtcNow();
        try
        {
            Judge(domain, await IsControlledAsync(domain, slug, cancellationToken));
        }
        catch (DomainResolverException exception)
        {
            // Nobody said that the proof is gone.
            domain.Problem = exception.Message;
        }

        await SaveAsync(domain, was, cancellationToken);
        if (domain.Status != was) await AnnounceAsync(domain.ProjectId, cancellationToken);
    }

    private async Task SaveAsync(SiteDomain domain, string was, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (IsTaken(exception))
        {
            (domain.Status, domain.VerifiedAt, domain.Problem) = (was, null, "Another project shows this domain. Remove it there first.");
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody removed it meanwhile.
            db.Entry(domain).State = EntityState.Detached;
        }
    }

    private void Judge(SiteDomain domain, bool isControlled)
    {
        if (isControlled)
        {
            if (domain.Status != SiteDomainStatus.Verified) domain.VerifiedAt = time.GetUtcNow();
            (domain.Status, domain.Problem, domain.Misses) = (SiteDomainStatus.Verified, null, 0);
            return;
        }

        var (name, value) = RecordOf(domain);
        domain.Problem = $"There is neither a TXT record {name} with the text {value} nor an alias of {domain.Host} to the site's own host name.";
        if (domain.Status != SiteDomainStatus.Verified) return;
        // One look may fall into a moment in which somebody edits the zone.
        if (++domain.Misses >= MaxMisses) (domain.Status, domain.VerifiedAt) = (SiteDomainStatus.Failed, null);
    }

    private async Task<bool> IsControlledAsync(SiteDomain domain, string slug, CancellationToken cancellationToken)
    {
        var (name, value) = RecordOf(domain);
        if ((await resolver.FindTextsAsync(name, cancellationToken)).Contains(value, StringComparer.Ordinal)) return true;
        return await resolver.FindAliasAsync(domain.Host, cancellationToken) == AliasOf(slug);
    }

    private async Task AnnounceAsync(Guid projectId, CancellationToken cancellationToken)
    {
        var slug = await db.Projects.Where(project => project.Id == projectId).Select(project => project.Slug).FirstOrDefaultAsync(cancellationToken);
        if (slug is not null) await SiteAnnouncements.TryAsync(events, slug, cancellationToken);
    }

    private static bool IsTaken(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
