namespace Platform.Api.Common.Audit;

/// <summary>The append-only record of security-relevant acts. Part of the caller's database transaction when there is one.</summary>
internal interface IAuditLog
{
    /// <summary>Adds one entry; time, address, device and session come from the request.</summary>
    Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken);
}

/// <summary>Who did what on what.</summary>
/// <param name="Action">A word of <see cref="AuditActions"/>.</param>
/// <param name="ActorId">The account that acted; null: nobody is known, such as a failed sign-in to an unknown address.</param>
/// <param name="TargetType">Kind of thing it was done to: <c>user</c>, <c>session</c>, <c>organization</c>, <c>project</c>, …</param>
/// <param name="TargetId">Its id.</param>
internal sealed record AuditEntry(string Action, Guid? ActorId, string? TargetType = null, string? TargetId = null)
{
    /// <summary>The person or organisation it concerns beside the actor.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Facts for the reader; never a secret.</summary>
    public IReadOnlyDictionary<string, string?> Details { get; init; } = new Dictionary<string, string?>();
}

/// <summary>Names of acts, <c>subject.verb</c>; shown to people, so they stay.</summary>
internal static class AuditActions
{
    public const string SignedUp = "account.created";
    public const string SignedIn = "session.started";
    public const string SignInRefused = "session.refused";
    public const string SignedOut = "session.ended";
    public const string AccountDisabled = "account.disabled";
    public const string AccountEnabled = "account.enabled";
    public const string AccountRoleChanged = "account.role_changed";
    public const string ApiTokenCreated = "api_token.created";
    public const string ApiTokenRevoked = "api_token.revoked";
    public const string OrganizationCreated = "organization.created";
    public const string OrganizationRenamed = "organization.renamed";
    public const string OrganizationDeleted = "organization.deleted";
    public const string OrganizationTransferred = "organization.transferred";
    public const string MemberRoleChanged = "member.role_changed";
    public const string MemberRemoved = "member.removed";
    public const string MemberLeft = "member.left";
    public const string InvitationCreated = "invitation.created";
    public const string InvitationRevoked = "invitation.revoked";
    public const string InvitationAccepted = "invitation.accepted";
    public const string InvitationDeclined = "invitation.declined";
    public const string ProjectCreated = "project.created";
    public const string ProjectChanged = "project.changed";
    public const string ProjectDeleted = "project.deleted";
    public const string ProjectVariablesChanged = "project.variables_changed";
    public const string ProductionRolledBack = "project.rolled_back";
    public const string ProductionResumed = "project.resumed";
    public const string DeploymentPromoted = "deployment.promoted";
    public const string DomainAdded = "domain.added";
    public const string DomainRemoved = "domain.removed";
    public const string ProjectTransferred = "project.transferred";
    public const string SessionsEnded = "session.all_ended";
    public const string RefreshTokenReused = "session.token_reused";
    public const string EmailVerified = "account.email_verified";
    public const string VerificationRefused = "account.verification_refused";
    public const string PasswordReset = "account.password_reset";
    public const string AdministratorNamed = "account.administrator_named";
    public const string SigningKeyRotated = "signing_key.rotated";
    public const string MailFailed = "mail.failed";
    public const string LoginLinked = "login.linked";
    public const string LoginUnlinked = "login.unlinked";
    public const string TwoFactorEnabled = "two_factor.enabled";
    public const string TwoFactorDisabled = "two_factor.disabled";
    public const string TwoFactorRefused = "two_factor.refused";
    public const string RecoveryCodesRenewed = "recovery_codes.renewed";
    public const string RecoveryCodeUsed = "recovery_code.used";
    public const string PasswordChanged = "password.changed";
    public const string EmailChangeRequested = "email.change_requested";
    public const string EmailChanged = "email.changed";
    public const string EmailChangeUndone = "email.change_undone";
    public const string AccountDeleted = "account.deleted";
    public const string AccountExported = "account.exported";
    public const string WebhookCreated = "webhook.created";
    public const string WebhookChanged = "webhook.changed";
    public const string WebhookDeleted = "webhook.deleted";
    public const string WebhookSecretRotated = "webhook.secret_rotated";
    public const string GitHubConnected = "github.connected";
    public const string GitHubDisconnected = "github.disconnected";
    public const string GitHubAppInstalled = "github_app.installed";
}
