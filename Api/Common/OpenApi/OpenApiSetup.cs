using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Common.Access;
using Platform.Api.Common.Http;

namespace Platform.Api.Common.OpenApi;

/// <summary>The description of the Api at <c>/openapi/v1.json</c> and a page to read it at <c>/api/docs</c>.</summary>
internal static class OpenApiSetup
{
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";

    public static IServiceCollection AddPlatformOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ApiEndpointMetadata>().Any();
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(SecureAsync);
            options.AddOperationTransformer(TidyAsync);
            options.AddSchemaTransformer(TypeAsync);
        });

    public static void MapPlatformOpenApi(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    public static void UseApiReference(this IApplicationBuilder app) =>
        // It compares every path with patterns: only those that can be meant for it go there.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(ApiDocs.Path), reference => reference.UseSwaggerUI(options =>
        {
            options.RoutePrefix = ApiDocs.Path.TrimStart('/');
            options.DocumentTitle = "Autostack API";
            options.SwaggerEndpoint("/openapi/v1.json", "Autostack API");
        }));

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Autostack API",
            Version = "v1",
            Description = "Every answer that is no success has the body of ErrorResponse. Every answer carries X-Request-Id.",
        };
        // The address the document was asked for says nothing about where the Api is.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The access token of sign-up, login or refresh; or an API token, where the operation names a scope.",
            },
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = CookieNames.AccessToken,
                Description = $"Set by sign-up and login. Requests that change something also send the header {CsrfMiddleware.Header}.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var scope = metadata.OfType<RequiredScopeMetadata>().LastOrDefault()?.Scope;
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        if (anonymous && scope is null) return Task.CompletedTask;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = scope is null ? [] : [scope] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Cookie, context.Document)] = [] },
        ];
        // Nothing is a way to sign in, too.
        if (anonymous) operation.Security.Insert(0, []);
        return Task.CompletedTask;
    }

    // Query parameters are found whatever their case; the document writes them like everything else, and answers in their order.
    private static Task TidyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name ?? "");

        var sorted = (operation.Responses ?? []).OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses = [];
        foreach (var (status, response) in sorted) operation.Responses.Add(status, response);
        return Task.CompletedTask;
    }

    // A type with a converter of its own is "anything" to the generator.
    private static Task TypeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type);
        if ((type ?? context.JsonTypeInfo.Type) != typeof(DateTimeOffset)) return Task.CompletedTask;
        schema.Type = type is null ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        schema.Format = "date-time";
        return Task.CompletedTask;
    }
}
