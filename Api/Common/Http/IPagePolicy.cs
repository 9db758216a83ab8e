namespace Platform.Api.Common.Http;

/// <summary>A feature of the request: its answer is a page with a Content-Security-Policy of its own, which also says who may frame it.</summary>
internal interface IPagePolicy
{
    string ContentSecurityPolicy { get; }
}

internal sealed record PagePolicy(string ContentSecurityPolicy) : IPagePolicy;
