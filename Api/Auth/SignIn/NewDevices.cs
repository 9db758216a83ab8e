using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Mails;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Api.Common.Notifications;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.SignIn;

/// <summary>Tells people when their account is used from where it never was.</summary>
internal sealed class NewDevices(PlatformDbContext database, IMailer mailer, INotifier notifier, PublicLinks links, TimeProvider time)
{
    public async Task NoticeAsync(PlatformUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        var address = context.Connection.RemoteIpAddress;
        var fingerprint = DeviceNames.Fingerprint(agent, address);
        var now = time.GetUtcNow();
        // Of sign-ins that arrive together one adds the row.
        var added = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO user_devices (id, user_id, fingerprint, last_seen_at, created_at) VALUES ({Guid.CreateVersion7(now)}, {user.Id}, {fingerprint}, {now}, {now})
             ON CONFLICT (user_id, fingerprint) DO NOTHING
             """,
            cancellationToken) == 1;
        if (!added)
        {
            await database.UserDevices.Where(device => device.UserId == user.Id && device.Fingerprint == fingerprint)
                .ExecuteUpdateAsync(device => device.SetProperty(each => each.LastSeenAt, now), cancellationToken);
            return;
        }

        // The first device is the one that signed up.
        if (!await database.UserDevices.AnyAsync(device => device.UserId == user.Id && device.Fingerprint != fingerprint, cancellationToken)) return;
        var device = DeviceNames.Describe(agent);
        await mailer.SendAsync(user.Email!, NewDeviceMail.Write(user.Name, device, address?.ToString(), now, links), cancellationToken);
        var notification = new NewNotification(
            NotificationTypes.Security, "New sign-in", $"Your account was used from {device}, address {address?.ToString() ?? "unknown"}. If that was not you, end the session and change your password.")
        {
            Link = "/settings",
        };
        await notifier.NotifyAsync(user.Id, notification, cancellationToken);
    }
}
