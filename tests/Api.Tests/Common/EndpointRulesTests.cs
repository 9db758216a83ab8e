using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Common;

namespace Platform.Api.Tests.Common;

[Trait("Category", "Integration")]
public sealed class EndpointRulesTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    // Document, health and what workers call with a token of their own: no part of the public contract.
    private static readonly string[] Outside = ["/openapi/", "/health", "/alive", "/internal/", "/hangfire", "/metrics"];

    [Fact]
    public void Every_route_is_of_the_api_or_on_the_list()
    {
        Routes().Where(route => !IsApi(route)).Select(Path)
            .Where(path => !Outside.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
            .ShouldBeEmpty();
        Routes().Count(IsApi).ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Every_route_is_authorised_or_explicitly_anonymous() =>
        Routes().Where(route => !route.Metadata.OfType<IAuthorizeData>().Any() && !route.Metadata.OfType<IAllowAnonymous>().Any())
            .Select(Path).ShouldBeEmpty();

    [Fact]
    public void Every_route_of_the_api_has_a_name_a_tag_and_a_summary() =>
        Routes().Where(IsApi)
            .Where(route => route.Metadata.GetMetadata<IEndpointNameMetadata>() is null
                || route.Metadata.GetMetadata<ITagsMetadata>() is not { Tags.Count: > 0 }
                || route.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null)
            .Select(Path).ShouldBeEmpty();

    [Fact]
    public void Names_are_unique() =>
        Routes().Select(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).OfType<string>()
            .GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    private List<RouteEndpoint> Routes() => [.. api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static bool IsApi(RouteEndpoint route) => route.Metadata.GetMetadata<ApiEndpointMetadata>() is not null;

    private static string Path(RouteEndpoint route) => "/" + route.RoutePattern.RawText?.TrimStart('/');
}
