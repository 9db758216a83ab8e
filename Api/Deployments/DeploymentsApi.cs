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
        var read = group.MapGroup("").RequireScope(ApiScopes.DeploymentsRead);
        read.MapGet("", ListDeployments).WithName("listDeployments").WithSummary("Lists deployments, newest first.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound);
        read.MapGet("/recent", ListRecentDeployments).WithName("listRecentDeployments").WithSummary("The five newest deployments.");
        read.MapGet("/{id:guid}", GetDeployment).WithName("getDeployment").WithSummary("One deployment with its stages and the end of its log.");
        read.MapGet("/{id:guid}/logs", GetDeploymentLogs).WithName("getDeploymentLogs").WithSummary("Log lines after a number.");
        read.MapGet("/{id:guid}/logs/stream", StreamDeploymentLogs).WithName("streamDeploymentLogs")
            .WithSummary("Follows the log over a WebSocket, from a number on.").AsWebSocketRoute();
        var write = group.MapGroup("").RequireScope(ApiScopes.DeploymentsWrite);
        write.MapPost("", CreateDeployment).WithName("createDeployment").WithSummary("Deploys a branch of a repository.").WithRateLimit(RateLimitPolicy.Deployments)
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        write.MapPost("/{id:guid}/cancel", CancelDeployment).WithName("cancelDeployment").WithSummary("Stops a deployment.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        routes.MapGet("/api/samples", ListSamples).WithTags("Deployments").WithName("listSamples").WithSummary("Samples that can be deployed.")
            .RequireAuthorization().RequireScope(ApiScopes.DeploymentsRead);
        return routes;
    }

    private static async Task<Results<Ok<DeploymentListResponse>, ErrorResult>> ListDeployments(
        [AsParameters] DeploymentListQuery query, CurrentUser user, IAccessControl access, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        if (query.Owner is not { } owner) return TypedResults.Ok(await deployments.ListAsync(await access.FindVisibleOwnersAsync(user, cancellationToken), query, cancellationToken));
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.OwnerNotFound(owner), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await deployments.ListAsync([owner], query, cancellationToken));
    }

    private static async Task<Ok<RecentDeploymentsResponse>> ListRecentDeployments(
        CurrentUser user, IAccessControl access, DeploymentQueries deployments, CancellationToken cancellationToken) =>
        TypedResults.Ok(await deployments.ListRecentAsync(await access.FindVisibleOwnersAsync(user, cancellationToken), cancellationToken));

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> CreateDeployment(
        CreateDeploymentRequest request,
        CurrentUser user,
        IAccessControl access,
        IRepositoryNames names,
        DeploymentService service,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        var owner = request.Owner ?? user.OwnerId;
        if (await access.RefuseAsync(user, owner, AccessAction.Deploy, DeploymentErrors.OwnerNotFound(owner), cancellationToken) is { } refusal) return refusal;
        var (found, problem) = await names.FindAsync(user.Id, request.Repository!, cancellationToken);
        if (problem is not null) return problem;
        var id = await service.CreateAsync(found is null ? request : request with { Repository = found.Address }, found?.GitHubId, user, cancellationToken);
        // Somebody may delete it at once.
        return await deployments.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Accepted($"/api/deployments/{id}", detail) : DeploymentErrors.NotFound(id);
    }

    private static async Task<Results<Ok<DeploymentDetailResponse>, ErrorResult>> GetDeployment(
        Guid id, CurrentUser user, IAccessControl access, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return await deployments.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : DeploymentErrors.NotFound(id);
    }

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> CancelDeployment(
        Guid id, CurrentUser user, IAccessControl access, DeploymentCancellation cancellation, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        // Stopping needs no verified address: it takes nothing that is out there.
        if (await access.RefuseAsync(user, owner, AccessAction.Write, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        var (status, wasFinal) = await cancellation.CancelAsync(id, user, cancellationToken);
        if (status is null) return DeploymentErrors.NotFound(id);
        if (wasFinal) return DeploymentErrors.AlreadyFinal(status);
        // Somebody may delete it at once.
        return await deployments.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Accepted($"/api/deployments/{id}", detail) : DeploymentErrors.NotFound(id);
    }

    private static async Task<Results<Ok<LogPageResponse>, ErrorResult>> GetDeploymentLogs(
        Guid id, [AsParameters] LogQuery query, CurrentUser user, IAccessControl access, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await deployments.ReadLogsAsync(id, query.After ?? 0, query.Limit ?? LogQueryValidator.DefaultLimit, cancellationToken));
    }

    private static async Task<Results<EmptyHttpResult, ErrorResult>> StreamDeploymentLogs(
        Guid id,
        [AsParameters] LogQuery query,
        CurrentUser user,
        IAccessControl access,
        HttpContext context,
        DeploymentQueries deployments,
        LogStreamServices services)
    {
        var owner = await deployments.FindOwnerAsync(id, context.RequestAborted);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.NotFound(id), context.RequestAborted) is { } refusal) return refusal;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var stream = new LogStream(socket, id, user, services);
        await stream.RunAsync(query.After ?? 0, SignInEnd.Of(context), stopping.Token);
        return TypedResults.Empty;
    }

    private static async Task<Ok<SampleListResponse>> ListSamples(SampleCatalog samples, CancellationToken cancellationToken) =>
        TypedResults.Ok(await samples.ListAsync(cancellationToken));
}

/// <summary>What the stream of a log needs; it outlives the request's own services.</summary>
internal sealed class LogStreamServices(
    IServiceScopeFactory scopes,
    ILogBus logs,
    IEventBus events,
    IAccessWatch watch,
    IOptions<JsonOptions> json,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    public IAccessWatch Watch { get; } = watch;

    public IServiceScopeFactory Scopes { get; } = scopes;

    public ILogBus Logs { get; } = logs;

    public IEventBus Events { get; } = events;

    public JsonSerializerOptions Json { get; } = json.Value.SerializerOptions;

    public TimeProvider Time { get; } = time;

    public CancellationToken Stopping { get; } = lifetime.ApplicationStopping;
}
