using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth;

/// <summary>Names the administrators that an installation starts with: the configured address once it is proven, else the first account.</summary>
internal sealed partial class Administrators(
    PlatformDbContext database, UserManager<PlatformUser> users, IAuditLog audit, IOptions<AuthOptions> options, ILogger<Administrators> logger)
{
    /// <summary>Whether the first account becomes administrator just by being the first.</summary>
    public bool IsFirstComeFirstServed => string.IsNullOrEmpty(options.Value.AdminEmail);

    /// <summary>Makes the account administrator when its proven address is the configured one.</summary>
    public async Task NameConfiguredAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (IsFirstComeFirstServed) return;
        var configured = users.NormalizeEmail(options.Value.AdminEmail);
        if (await database.Users.AnyAsync(user => user.Id == userId && user.NormalizedEmail == configured && user.EmailConfirmed, cancellationToken))
            await NameAsync(userId, cancellationToken);
    }

    public async Task NameAsync(Guid userId, CancellationToken cancellationToken)
    {
        var normalized = users.NormalizeName(PlatformRoles.Admin);
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO roles (id, name, normalized_name) VALUES ({Guid.CreateVersion7()}, {PlatformRoles.Admin}, {normalized}) ON CONFLICT (normalized_name) DO NOTHING",
            cancellationToken);
        var added = await database.Database.ExecuteSqlAsync(
            $"INSERT INTO user_roles (user_id, role_id) SELECT {userId}, id FROM roles WHERE normalized_name = {normalized} ON CONFLICT DO NOTHING",
            cancellationToken);
        if (added == 0) return;
        await audit.RecordAsync(new AuditEntry(AuditActions.AdministratorNamed, userId, "user", userId.ToString()), cancellationToken);
        Log.Administrator(logger, userId);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Account {UserId} administers this installation")]
        public static partial void Administrator(ILogger logger, Guid userId);
    }
}
