using Microsoft.AspNetCore.Authentication;

namespace Platform.Api.Common.Errors;

/// <summary>Things that have an address each: <c>/api/deployments/{id}</c>.</summary>
/// <param name="Path">Where they are.</param>
/// <param name="Code">The error when there is none of an id.</param>
/// <param name="Name">What one is called.</param>
internal sealed record AddressedThings(PathString Path, string Code, string Name);

/// <summary>
/// Answers what no route takes. An id that is none leads to no route, since routes take ids only; who asks gets the same answer as for an id
/// that nothing has.
/// </summary>
internal sealed class UnknownAddresses(IEnumerable<AddressedThings> things)
{
    // An answer does not repeat whatever comes.
    private const int MaxId = 100;

    public Task WriteAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status != StatusCodes.Status404NotFound || context.GetEndpoint() is not null) return ErrorWriter.WriteAsync(context, status);
        foreach (var thing in things)
        {
            if (context.Request.Path.StartsWithSegments(thing.Path, out var rest) && FindId(rest) is { } id) return RefuseAsync(context, thing, id);
        }

        return ErrorWriter.WriteAsync(context, status);
    }

    private static Task RefuseAsync(HttpContext context, AddressedThings thing, string id) => context.User.Identity?.IsAuthenticated == true
        ? ErrorWriter.WriteAsync(context, StatusCodes.Status404NotFound, thing.Code, $"{thing.Name} with ID '{id}' not found")
        : context.ChallengeAsync();

    private static string? FindId(PathString rest)
    {
        var id = (rest.Value ?? "").TrimStart('/').Split('/')[0];
        // Behind a real id it is something else that is missing.
        return id.Length is 0 or > MaxId || Guid.TryParse(id, out _) ? null : id;
    }
}
