using Platform.Api.Common.Audit;
using Platform.Api.Common.Notifications;

namespace Platform.Api.Notifications;

/// <summary>Tells people what the audit log records about the safety of their account.</summary>
internal sealed class SecurityNotifications(INotifier notifier) : IAuditObserver
{
    private const string UserTarget = "user";

    private static readonly Dictionary<string, (string Title, string Message)> Texts = new(StringComparer.Ordinal)
    {
        [AuditActions.PasswordChanged] = ("Password changed", "The password of your account was changed."),
        [AuditActions.PasswordReset] = ("Password reset", "The password of your account was set anew by a mailed link."),
        [AuditActions.EmailChanged] = ("Email address changed", "The email address of your account was changed."),
        [AuditActions.EmailChangeUndone] = ("Email address restored", "The change of your email address was undone."),
        [AuditActions.TwoFactorEnabled] = ("Second factor switched on", "Signing in now asks for a code as well."),
        [AuditActions.TwoFactorDisabled] = ("Second factor switched off", "Signing in no longer asks for a code."),
        [AuditActions.RecoveryCodesRenewed] = ("New recovery codes", "The recovery codes of your account were replaced."),
        [AuditActions.RecoveryCodeUsed] = ("Recovery code used", "Somebody signed in with one of your recovery codes."),
        [AuditActions.RefreshTokenReused] = ("A session was copied", "A token of one of your sessions was used twice, so the session was ended. Change your password if you cannot explain it."),
        [AuditActions.LoginLinked] = ("Login connected", "Another way to sign in was connected to your account."),
        [AuditActions.LoginUnlinked] = ("Login disconnected", "A way to sign in was taken off your account."),
        [AuditActions.ApiTokenCreated] = ("API token created", "An API token was made for your account."),
        [AuditActions.AccountRoleChanged] = ("Role changed", "An administrator changed the role of your account."),
    };

    public async Task ObserveAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (!Texts.TryGetValue(entry.Action, out var text) || FindPerson(entry) is not { } userId) return;
        await notifier.NotifyAsync(
            userId,
            new NewNotification(NotificationTypes.Security, text.Title, $"{text.Message} If that was not you, end your sessions and change your password.")
            {
                Link = "/settings",
                Data = new Dictionary<string, string?>(StringComparer.Ordinal) { ["action"] = entry.Action },
            },
            cancellationToken);
    }

    /// <summary>Whose account it is: the one it was done to, before the one who did it. Of a copied token nobody knows who used it.</summary>
    private static Guid? FindPerson(AuditEntry entry) =>
        entry.TargetType == UserTarget && Guid.TryParse(entry.TargetId, out var target) ? target : entry.ActorId ?? entry.OwnerId;
}
