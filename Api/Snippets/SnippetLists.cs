using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Platform.Api.Snippets;

/// <summary>Lists of an owner or of everybody as JSON, from the cache when nothing was written since. Nothing that needs the database is made for a list that is known.</summary>
internal sealed class SnippetLists(SnippetCache cache, IServiceScopeFactory scopes, IOptions<JsonOptions> json)
{
    public ValueTask<CachedList> FindAsync(SnippetListQuery query, Guid owner, CancellationToken cancellationToken)
    {
        var everybody = query.Scope == SnippetListQueryValidator.Public;
        var key = query with { Owner = everybody ? null : owner };
        return cache.GetAsync(everybody ? SnippetCache.Everybody : owner.ToString("N"), key, token => MakeAsync(key, owner, token), cancellationToken);
    }

    /// <summary>In a scope of its own: whoever asked first may be gone before it is done.</summary>
    private async Task<byte[]> MakeAsync(SnippetListQuery query, Guid owner, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var list = await scope.ServiceProvider.GetRequiredService<SnippetQueries>().ListAsync(query, owner, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(list, json.Value.SerializerOptions);
    }
}

/// <summary>A list with its tag: the bytes as they are, or nothing for a browser that has them.</summary>
internal sealed class CachedListResult(CachedList list) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ETag = list.Tag;
        if (httpContext.Request.Headers.IfNoneMatch.Contains(list.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = list.Body.Length;
        return response.Body.WriteAsync(list.Body, httpContext.RequestAborted).AsTask();
    }
}
