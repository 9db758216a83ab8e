using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

internal static class DeploymentsApi
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    public static IEndpointRouteBuilder MapDeployments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/deployments").WithTags("Deployments").RequireAuthorization();
        group.MapGet("", ListDeployments).WithName("listDeployments").WithSummary("Lists deployments, newest first.");
        group.MapPost("", CreateDeployment).WithName("createDeployment").WithSummary("Deploys a branch of a repository.").WithRateLimit(RateLimitPolicy.Deployments)
            .ProducesError(StatusCodes.Status403Forbidden);
        group.MapGet("/recent", ListRecentDeployments).WithName("listRecentDeployments").WithSummary("The five newest deployments.");
        group.MapGet("/{id:guid}", GetDeployment).WithName("getDeployment").WithSummary("One deployment with its stages and the end of its log.");
        group.MapPost("/{id:guid}/cancel", CancelDeployment).WithName("cancelDeployment").WithSummary("Stops a deployment.");
        group.MapGet("/{id:guid}/logs", GetDeploymentLogs).WithName("getDeploymentLogs").WithSummary("Log lines after a number.");
        group.MapGet("/{id:guid}/logs/stream", StreamDeploymentLogs).WithName("streamDeploymentLogs")
            .WithSummary("Follows the log over a WebSocket, from a number on.").AsWebSocketRoute();
        routes.MapGet("/api/samples", ListSamples).WithTags("Deployments").WithName("listSamples").WithSummary("Samples that can be deployed.").RequireAuthorization();
        return routes;
    }

    private static async Task<Ok<DeploymentListResponse>> ListDeployments(
        [AsParameters] DeploymentListQuery query, CurrentUser user, DeploymentQueries deployments, CancellationToken cancellationToken) =>
        TypedResults.Ok(await deployments.ListAsync(user, query, cancellationToken));

    private static async Task<Ok<RecentDeploymentsResponse>> ListRecentDeployments(
        CurrentUser user, DeploymentQueries deployments, CancellationToken cancellationToken) =>
        TypedResults.Ok(await deployments.ListRecentAsync(user, cancellationToken));

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> CreateDeployment(
        CreateDeploymentRequest request,
        CurrentUser user,
        IAccessControl access,
        DeploymentService service,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        if (await access.DecideAsync(user, user.OwnerId, AccessAction.Deploy, cancellationToken) == AccessDecision.VerificationNeeded)
            return DeploymentErrors.EmailNotVerified();
        var id = await service.CreateAsync(request, user, cancellationToken);
        return TypedResults.Accepted($"/api/deployments/{id}", (await deployments.FindAsync(id, user, cancellationToken))!);
    }

    private static async Task<Results<Ok<DeploymentDetailResponse>, ErrorResult>> GetDeployment(
        Guid id, CurrentUser user, DeploymentQueries deployments, CancellationToken cancellationToken) =>
        await deployments.FindAsync(id, user, cancellationToken) is { } found ? TypedResults.Ok(found) : DeploymentErrors.NotFound(id);

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> CancelDeployment(
        Guid id, CurrentUser user, DeploymentService service, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var (status, wasFinal) = await service.CancelAsync(id, user, cancellationToken);
        if (status is null) return DeploymentErrors.NotFound(id);
        if (wasFinal) return DeploymentErrors.AlreadyFinal(status);
        return TypedResults.Accepted($"/api/deployments/{id}", (await deployments.FindAsync(id, user, cancellationToken))!);
    }

    private static async Task<Results<Ok<LogPageResponse>, ErrorResult>> GetDeploymentLogs(
        Guid id, [AsParameters] LogQuery query, CurrentUser user, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        if (!await deployments.ExistsAsync(id, user, cancellationToken)) return DeploymentErrors.NotFound(id);
        return TypedResults.Ok(await deployments.ReadLogsAsync(id, query.After ?? 0, query.Limit ?? LogQueryValidator.DefaultLimit, cancellationToken));
    }

    private static async Task<Results<EmptyHttpResult, ErrorResult>> StreamDeploymentLogs(
        Guid id, [AsParameters] LogQuery query, CurrentUser user, HttpContext context, DeploymentQueries deployments, LogStreamServices services)
    {
        if (!await deployments.ExistsAsync(id, user, context.RequestAborted)) return DeploymentErrors.NotFound(id);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var stream = new LogStream(socket, id, services.Scopes, services.Json, services.Time);
        await stream.RunAsync(services.Logs, services.Events, query.After ?? 0, stopping.Token);
        return TypedResults.Empty;
    }

    private static async Task<Ok<SampleListResponse>> ListSamples(SampleCatalog samples, CancellationToken cancellationToken) =>
        TypedResults.Ok(await samples.ListAsync(cancellationToken));
}

/// <summary>What the stream of a log needs; it outlives the request's own services.</summary>
internal sealed class LogStreamServices(
    IServiceScopeFactory scopes, ILogBus logs, IEventBus events, IOptions<JsonOptions> json, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public IServiceScopeFactory Scopes { get; } = scopes;

    public ILogBus Logs { get; } = logs;

    public IEventBus Events { get; } = events;

    public JsonSerializerOptions Json { get; } = json.Value.SerializerOptions;

    public TimeProvider Time { get; } = time;

    public CancellationToken Stopping { get; } = lifetime.ApplicationStopping;
}
