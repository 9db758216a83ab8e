using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Mail;
using Platform.Api.Common.Notifications;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Invites people by mail. Methods that can refuse answer the refusal, or null when it is done.</summary>
internal sealed class InvitationService(
    PlatformDbContext database,
    IAccessControl access,
    IAuditLog audit,
    IMailer mailer,
    InvitationMail mail,
    INotifier notifier,
    ILookupNormalizer normalizer,
    IOptions<OrganizationOptions> options,
    TimeProvider time)
{
    /// <summary>Sends an invitation; an earlier one to the same address is no longer good.</summary>
    public Task<(Guid Id, ErrorResult? Refusal)> InviteAsync(
        Guid id, string email, OrganizationRole role, CurrentUser actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var organization = await database.LockOrganizationAsync(id, token);
                if (await RefuseAsync(id, organization, role, actor, token) is { } refusal) return (default, refusal);
                var address = normalizer.NormalizeEmail(email)!;
                var now = time.GetUtcNow();
                if (await IsMemberAsync(id, address, token)) return (default, OrganizationErrors.AlreadyMember);
                var today = await database.OrganizationInvitations.CountAsync(row => row.OrganizationId == id && row.CreatedAt > now.AddDays(-1), token);
                if (today >= options.Value.MaxInvitationsPerDay) return (default, OrganizationErrors.TooManyInvitations);

                await Pending().Where(row => row.OrganizationId == id && row.NormalizedEmail == address)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, InvitationStatus.Revoked).SetProperty(each => each.AnsweredAt, now), token);
                var secret = OpaqueToken.Create();
                var invitation = new OrganizationInvitation
                {
                    Id = Guid.CreateVersion7(now),
                    OrganizationId = id,
                    Email = email,
                    NormalizedEmail = address,
                    Role = role,
                    TokenHash = OpaqueToken.Hash(secret),
                    InvitedBy = actor.Id,
                    ExpiresAt = now + options.Value.InvitationLifetime,
                    CreatedAt = now,
                };
                database.OrganizationInvitations.Add(invitation);
                await database.SaveChangesAsync(token);
                await RecordAsync(AuditActions.InvitationCreated, actor, invitation, token);
                await mailer.SendAsync(email, mail.Compose(organization!.Name, actor, role, secret), token);
                await NotifyInvitedAsync(organization.Name, invitation, actor, token);
                return (invitation.Id, (ErrorResult?)null);
            },
            cancellationToken);

    public Task<ErrorResult?> RevokeAsync(Guid id, Guid invitationId, CurrentUser actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var organization = await database.LockOrganizationAsync(id, token);
                if (await access.RefuseAsync(actor, organization?.Id, AccessAction.ManageMembers, OrganizationErrors.NotFound(id), token) is { } refusal) return refusal;
                var invitation = await Pending().AsNoTracking().FirstOrDefaultAsync(row => row.Id == invitationId && row.OrganizationId == id, token);
                if (invitation is null || !await AnswerAsync(invitation, InvitationStatus.Revoked, token)) return OrganizationErrors.InvitationNotFound;
                await RecordAsync(AuditActions.InvitationRevoked, actor, invitation, token);
                return null;
            },
            cancellationToken);

    /// <summary>What the mailed token stands for, while it is good.</summary>
    public Task<OrganizationInvitation?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.Hash(token);
        var now = time.GetUtcNow();
        return Pending().AsNoTracking().FirstOrDefaultAsync(row => row.TokenHash == hash && row.ExpiresAt > now, cancellationToken);
    }

    /// <returns>The organisation joined, or why not.</returns>
    public async Task<(Guid OrganizationId, ErrorResult? Refusal)> AcceptAsync(string secret, CurrentUser user, CancellationToken cancellationToken)
    {
        if (await FindAsync(secret, cancellationToken) is not { } invitation) return (default, OrganizationErrors.InvitationNotFound);
        return await database.InTransactionAsync(
            async token =>
            {
                if (await database.LockOrganizationAsync(invitation.OrganizationId, token) is null) return (default, OrganizationErrors.InvitationNotFound);
                var account = await database.Users.AsNoTracking().Where(row => row.Id == user.Id)
                    .Select(row => new { row.NormalizedEmail, row.EmailConfirmed }).SingleOrDefaultAsync(token);
                if (account?.NormalizedEmail != invitation.NormalizedEmail) return (default, OrganizationErrors.OtherAddress);
                // The link may have been passed on: only who has shown that the address is theirs is who was invited.
                if (!account.EmailConfirmed) return (default, ApiErrors.Forbidden(AccessExtensions.EmailNotVerified, "Verify your email address first."));
                if (!await AnswerAsync(invitation, InvitationStatus.Accepted, token)) return (default, OrganizationErrors.InvitationNotFound);

                var id = invitation.OrganizationId;
                if (await database.OrganizationMembers.AnyAsync(member => member.OrganizationId == id && member.UserId == user.Id, token))
                    return (default, OrganizationErrors.AlreadyMember);
                database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = id, UserId = user.Id, Role = invitation.Role, CreatedAt = time.GetUtcNow() });
                await database.SaveChangesAsync(token);
                await RecordAsync(AuditActions.InvitationAccepted, user, invitation, token);
                await NotifyInviterAsync(invitation, user, token);
                return (id, (ErrorResult?)null);
            },
            cancellationToken);
    }

    /// <summary>Needs no account: whoever has the mail may say no to it.</summary>
    public async Task<ErrorResult?> DeclineAsync(string secret, CurrentUser? user, CancellationToken cancellationToken)
    {
        if (await FindAsync(secret, cancellationToken) is not { } invitation) return OrganizationErrors.InvitationNotFound;
        return await database.InTransactionAsync(
            async token =>
            {
                if (!await AnswerAsync(invitation, InvitationStatus.Declined, token)) return OrganizationErrors.InvitationNotFound;
                await RecordAsync(AuditActions.InvitationDeclined, user, invitation, token);
                return (ErrorResult?)null;
            },
            cancellationToken);
    }

    private async Task<ErrorResult?> RefuseAsync(
        Guid id, Organization? organization, OrganizationRole role, CurrentUser actor, CancellationToken cancellationToken)
    {
        if (await access.RefuseAsync(actor, organization?.Id, AccessAction.ManageMembers, OrganizationErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return role == OrganizationRole.Owner ? await access.RefuseAsync(actor, id, AccessAction.Own, OrganizationErrors.NotFound(id), cancellationToken) : null;
    }

    private Task<bool> IsMemberAsync(Guid id, string address, CancellationToken cancellationToken) =>
        database.OrganizationMembers.AnyAsync(
            member => member.OrganizationId == id && database.Users.Any(user => user.Id == member.UserId && user.NormalizedEmail == address), cancellationToken);

    // The status in the condition makes one of several answers the answer.
    private async Task<bool> AnswerAsync(OrganizationInvitation invitation, string status, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await Pending().Where(row => row.Id == invitation.Id && row.ExpiresAt > now)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, status).SetProperty(each => each.AnsweredAt, now), cancellationToken) > 0;
    }

    /// <summary>Who has an account sees it there, too. The link is in the mail alone: it shows that the mailbox is theirs.</summary>
    private async Task NotifyInvitedAsync(string organization, OrganizationInvitation invitation, CurrentUser actor, CancellationToken cancellationToken)
    {
        var invited = await database.Users.Where(user => user.NormalizedEmail == invitation.NormalizedEmail).Select(user => user.Id).FirstOrDefaultAsync(cancellationToken);
        if (invited == Guid.Empty) return;
        var notification = new NewNotification(
            NotificationTypes.InvitationReceived, $"Invitation to {organization}", $"{actor.Name} invites you as {invitation.Role.ToWord()}. The mail to {invitation.Email} has the link.")
        {
            Data = new Dictionary<string, string?>(StringComparer.Ordinal) { ["organizationId"] = invitation.OrganizationId.ToString(), ["invitationId"] = invitation.Id.ToString() },
        };
        await notifier.NotifyAsync(invited, notification, cancellationToken);
    }

    private async Task NotifyInviterAsync(OrganizationInvitation invitation, CurrentUser joined, CancellationToken cancellationToken)
    {
        if (invitation.InvitedBy is not { } inviter) return;
        var notification = new NewNotification(NotificationTypes.InvitationAccepted, "Invitation accepted", $"{joined.Name} joined as {invitation.Role.ToWord()}.")
        {
            Data = new Dictionary<string, string?>(StringComparer.Ordinal) { ["organizationId"] = invitation.OrganizationId.ToString(), ["userId"] = joined.Id.ToString() },
        };
        await notifier.NotifyAsync(inviter, notification, cancellationToken);
    }

    private IQueryable<OrganizationInvitation> Pending() => database.OrganizationInvitations.Where(row => row.Status == InvitationStatus.Pending);

    // Not the address: its row has it, and the log outlives the row and the person's account.
    private Task RecordAsync(string action, CurrentUser? actor, OrganizationInvitation invitation, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            new AuditEntry(action, actor?.Id, "invitation", invitation.Id.ToString())
            {
                OwnerId = invitation.OrganizationId,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["role"] = invitation.Role.ToWord() },
            },
            cancellationToken);
}
