using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Execution;

/// <summary>Who asks for a run: a parameter of handlers.</summary>
/// <param name="Key">Whose turn it takes: the account's, or the address's of somebody without one.</param>
/// <param name="User">Null without an account.</param>
internal sealed record RunCaller(string Key, CurrentUser? User)
{
    /// <summary>Called by the framework for each parameter of this type.</summary>
    public static ValueTask<RunCaller> BindAsync(HttpContext context) => ValueTask.FromResult(From(context));

    public static RunCaller From(HttpContext context)
    {
        var user = CurrentUser.From(context.User);
        return new RunCaller(user is null ? $"ip:{ClientNetwork.Of(context.Connection.RemoteIpAddress)}" : OwnerKey(user.OwnerId), user);
    }

    public static string OwnerKey(Guid ownerId) => $"owner:{ownerId:N}";

    /// <summary>Without an account one may run code only where the configuration says so.</summary>
    public bool MayRun(IOptions<ExecutionOptions> options) => User is not null || options.Value.AllowAnonymous;
}
