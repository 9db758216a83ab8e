using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Audit;

namespace Platform.Api.Auth.Tokens;

/// <summary>The keys that sign tokens, for administrators. Keys themselves are never shown.</summary>
internal static class SigningKeysApi
{
    public static void Map(IEndpointRouteBuilder auth)
    {
        var group = auth.MapGroup("/signing-keys").RequireAuthorization(PlatformPolicies.Admin);
        group.MapGet("", ListSigningKeys).WithName("listSigningKeys").WithSummary("The keys that tokens are signed with.");
        group.MapPost("", RotateSigningKeyAsync).WithName("rotateSigningKey")
            .WithSummary("Makes the next key now; it takes over once every instance knows it.");
    }

    private static Ok<SigningKeyListResponse> ListSigningKeys(SigningKeys keys) => TypedResults.Ok(List(keys));

    private static async Task<Ok<SigningKeyListResponse>> RotateSigningKeyAsync(
        CurrentUser caller, SigningKeys keys, IAuditLog audit, CancellationToken cancellationToken)
    {
        // Null: another one is on its way already.
        if (await keys.RotateAsync(now: true, cancellationToken) is { } made)
            await audit.RecordAsync(new AuditEntry(AuditActions.SigningKeyRotated, caller.Id, "signing_key", made.Id), cancellationToken);
        return TypedResults.Ok(List(keys));
    }

    private static SigningKeyListResponse List(SigningKeys keys) => new([.. keys.States.Select(key => new SigningKeyResponse(key.Id, key.ActivatesAt))]);
}

internal sealed record SigningKeyListResponse(IReadOnlyList<SigningKeyResponse> Keys);

/// <param name="Id">The <c>kid</c> of the tokens that it signs.</param>
/// <param name="ActivatesAt">When it begins, or began, to sign.</param>
internal sealed record SigningKeyResponse(string Id, DateTimeOffset ActivatesAt);
