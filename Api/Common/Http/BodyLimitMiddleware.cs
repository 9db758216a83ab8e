using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Http;

/// <summary>Refuses a body that says it is too large before any of it is read; the server counts those that say nothing.</summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, IOptions<RequestOptions> options)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentLength > options.Value.MaxBodyBytes
            ? ErrorWriter.WriteAsync(context, StatusCodes.Status413PayloadTooLarge)
            : next(context);
}
