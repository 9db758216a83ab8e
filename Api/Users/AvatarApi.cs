using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Users;

internal static class AvatarApi
{
    public const int MaxBytes = 1024 * 1024;

    private static readonly string[] Types = ["image/png", "image/jpeg", "image/webp", "image/gif"];

    // Whoever opens the picture as a page gets a page that can do nothing.
    private const string Sandbox = "default-src 'none'; sandbox; frame-ancestors 'none'";

    public static IEndpointRouteBuilder MapAvatars(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/user/avatar").WithTags("User").RequireAuthorization();
        own.MapPut("", PutAsync).Accepts<byte[]>(Types[0], Types[1..])
            .WithName("putAvatar").WithSummary("Takes a picture of the person: PNG, JPEG, WebP or GIF of at most 1 MB, as the body of the request.")
            .ProducesError(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        own.MapDelete("", DeleteAsync).WithName("deleteAvatar").WithSummary("Removes the picture.");
        routes.MapGet("/api/avatars/{id:guid}", GetAsync).AllowAnonymous().WithTags("User").WithName("getAvatar").WithSummary("The picture of a person.")
            .Produces<byte[]>(StatusCodes.Status200OK, Types[0], Types[1..]).Produces(StatusCodes.Status304NotModified);
        return routes;
    }

    private static async Task<Results<Ok<AvatarResponse>, ErrorResult>> PutAsync(
        CurrentUser caller, PlatformDbContext database, TimeProvider time, HttpRequest request, CancellationToken cancellationToken)
    {
        var tooLarge = new ErrorResult(StatusCodes.Status413PayloadTooLarge, ErrorCodes.PayloadTooLarge, "The picture must have at most 1 MB.");
        if (request.ContentLength > MaxBytes) return tooLarge;
        if (await ReadAsync(request.Body, cancellationToken) is not { } content) return tooLarge;
        if (ImageKind.Find(content) is not { } type)
            return new ErrorResult(StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_IMAGE", "The picture must be PNG, JPEG, WebP or GIF.");

        var (hash, now) = (Convert.ToHexStringLower(SHA256.HashData(content)), time.GetUtcNow());
        // The address changes with the picture, so that nobody looks at the old one.
        var url = $"/api/avatars/{caller.Id}?v={hash[..12]}";
        await database.InTransactionAsync(
            async token =>
            {
                await database.Database.ExecuteSqlAsync(
                    $"""
                     INSERT INTO user_avatars (user_id, content, content_type, hash, updated_at) VALUES ({caller.Id}, {content}, {type}, {hash}, {now})
                     ON CONFLICT (user_id) DO UPDATE SET content = excluded.content, content_type = excluded.content_type, hash = excluded.hash, updated_at = excluded.updated_at
                     """,
                    token);
                await SetUrlAsync(database, caller.Id, url, now, token);
            },
            cancellationToken);
        return TypedResults.Ok(new AvatarResponse(url));
    }

    private static async Task<NoContent> DeleteAsync(CurrentUser caller, PlatformDbContext database, TimeProvider time, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            async token =>
            {
                await database.UserAvatars.Where(row => row.UserId == caller.Id).ExecuteDeleteAsync(token);
                await SetUrlAsync(database, caller.Id, null, time.GetUtcNow(), token);
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<FileContentHttpResult, ErrorResult>> GetAsync(Guid id, PlatformDbContext database, HttpResponse response, CancellationToken cancellationToken)
    {
        var found = await database.UserAvatars.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == id, cancellationToken);
        if (found is null) return ApiErrors.NotFound("AVATAR_NOT_FOUND", "There is no picture.");
        response.Headers.ContentSecurityPolicy = Sandbox;
        // Asked for again each time, answered by 304: a picture that was removed is gone.
        response.Headers.CacheControl = "public, no-cache";
        return TypedResults.File(found.Content, found.ContentType, lastModified: found.UpdatedAt, entityTag: new EntityTagHeaderValue($"\"{found.Hash}\""));
    }

    private static Task<int> SetUrlAsync(PlatformDbContext database, Guid userId, string? url, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Users.Where(row => row.Id == userId)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.AvatarUrl, url).SetProperty(each => each.UpdatedAt, now), cancellationToken);

    /// <summary>Null: there is more than may be.</summary>
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > MaxBytes) return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
