using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Core.Data.Entities;

namespace Platform.Api.ApiTokens;

internal static class ApiTokensApi
{
    // No scope: a token cannot make, see or revoke tokens.
    public static IEndpointRouteBuilder MapApiTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/user/tokens").WithTags("API tokens").RequireAuthorization();
        group.MapGet("", ListAsync).WithName("listApiTokens").WithSummary("The API tokens of the account, newest first.");
        group.MapPost("", CreateAsync).WithName("createApiToken").WithSummary("Makes an API token; the answer is the only one that shows it.")
            .ProducesError(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", RevokeAsync).WithName("revokeApiToken").WithSummary("Ends an API token at once.");
        group.MapGet("/scopes", ListScopes).WithName("listApiScopes").WithSummary("What API tokens can be allowed.");
        return routes;
    }

    private static async Task<Ok<ApiTokenListResponse>> ListAsync(CurrentUser user, ApiTokenService tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok(new ApiTokenListResponse([.. (await tokens.ListAsync(user.Id, cancellationToken)).Select(token => ToResponse(token, now))]));
    }

    private static async Task<Results<Created<CreatedApiTokenResponse>, ErrorResult>> CreateAsync(
        CreateApiTokenRequest request, CurrentUser user, ApiTokenService tokens, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var (text, row, refusal) = await tokens.CreateAsync(request, user, cancellationToken);
        if (refusal is not null) return refusal;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/user/tokens/{row!.Id}", new CreatedApiTokenResponse(text, ToResponse(row, time.GetUtcNow())));
    }

    private static async Task<Results<NoContent, ErrorResult>> RevokeAsync(
        Guid id, CurrentUser user, ApiTokenService tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(id, user, cancellationToken) ? TypedResults.NoContent() : ApiTokenErrors.NotFound(id);

    private static Ok<ApiScopeListResponse> ListScopes(IOptions<ApiTokenOptions> options) => TypedResults.Ok(new ApiScopeListResponse(
        [.. ApiScopes.All.Select(scope => new ApiScopeResponse(scope.Name, scope.Description, scope.Includes, scope.IsPersonal))], options.Value.MaxDays));

    private static ApiTokenResponse ToResponse(ApiToken token, DateTimeOffset now) => new(
        token.Id,
        token.Name,
        token.Hint,
        token.Scopes,
        token.OrganizationId,
        token.CreatedAt,
        token.ExpiresAt,
        token.ExpiresAt <= now,
        token.LastUsedAt,
        token.LastUsedIp);
}
