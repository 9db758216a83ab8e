using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;

namespace Platform.AppHost.Local.Dashboard;

/// <summary>What the page and <c>./platform</c> ask: the resources, their output, and the commands on them.</summary>
internal sealed class ResourcesApi(IReadOnlyList<ResourceInstance> instances, LogBuffer hostLog, SecretMasker masker, CancellationToken stopping)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/resources", ListAsync);
        routes.MapGet("/api/resources/{name}", DetailAsync);
        routes.MapGet("/api/resources/{name}/logs", LogsAsync);
        routes.MapPost("/api/resources/{name}/{command}", CommandAsync);
        routes.MapFallback(context => Errors.WriteAsync(context.Response, StatusCodes.Status404NotFound, "NOT_FOUND", "There is nothing here."));
    }

    private Task ListAsync(HttpContext context)
    {
        var rows = instances.Select(ToResponse).ToList();
        return context.Response.WriteAsJsonAsync(
            new ResourceListResponse(rows.TrueForAll(row => row.Health is null or nameof(ResourceHealth.Healthy)), rows), Json, context.RequestAborted);
    }

    private async Task DetailAsync(HttpContext context)
    {
        var instance = Find(context).FirstOrDefault();
        if (instance is null)
        {
            await NotFoundAsync(context);
            return;
        }

        var variables = instance.Environment
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new VariableResponse(pair.Key, masker.MaskVariable(pair.Key, pair.Value)));
        await context.Response.WriteAsJsonAsync(new ResourceDetailResponse(ToResponse(instance), [.. variables]), Json, context.RequestAborted);
    }

    // Server-sent events; the browser's own reconnect sends the last number it saw, so that no line comes twice.
    private async Task LogsAsync(HttpContext context)
    {
        var log = string.Equals((string?)context.GetRouteValue("name"), hostLog.Name, StringComparison.OrdinalIgnoreCase)
            ? hostLog
            : Find(context).FirstOrDefault()?.Log;
        if (log is null)
        {
            await NotFoundAsync(context);
            return;
        }

        var after = long.TryParse(context.Request.Headers["Last-Event-ID"].ToString(), CultureInfo.InvariantCulture, out var last) ? last : 0;
        context.Response.ContentType = "text/event-stream";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var writing = new SemaphoreSlim(1);
        var keepAlive = KeepAliveAsync(context.Response, writing, ending.Token);
        try
        {
            await SendAsync(context.Response, writing, ": open\n\n", ending.Token);
            await foreach (var line in log.ReadAsync(after, ending.Token))
            {
                var data = JsonSerializer.Serialize(line, Json);
                await SendAsync(context.Response, writing, $"id: {line.Seq.ToString(CultureInfo.InvariantCulture)}\ndata: {data}\n\n", ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left or the host ends: either way the stream is over.
            await ending.CancelAsync();
        }

        await keepAlive;
    }

    private async Task CommandAsync(HttpContext context)
    {
        var targets = Find(context).Where(instance => instance.Supervisor is not null).ToList();
        Func<Supervisor, Task>? command = (string?)context.GetRouteValue("command") switch
        {
            "start" => supervisor => supervisor.StartAsync(),
            "stop" => supervisor => supervisor.StopAsync(),
            "restart" => supervisor => supervisor.RestartAsync(),
            _ => null,
        };
        if (command is null || targets.Count == 0)
        {
            await NotFoundAsync(context);
            return;
        }

        await Task.WhenAll(targets.Select(target => command(target.Supervisor!)));
        await context.Response.WriteAsJsonAsync(new ResourceListResponse(Healthy: false, [.. targets.Select(ToResponse)]), Json, context.RequestAborted);
    }

    private static async Task KeepAliveAsync(HttpResponse response, SemaphoreSlim writing, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(KeepAlive);
            while (await timer.WaitForNextTickAsync(cancellationToken)) await SendAsync(response, writing, ": alive\n\n", cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The stream is over.
            return;
        }
    }

    private static async Task SendAsync(HttpResponse response, SemaphoreSlim writing, string text, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await response.WriteAsync(text, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    private static Task NotFoundAsync(HttpContext context) =>
        Errors.WriteAsync(context.Response, StatusCodes.Status404NotFound, "RESOURCE_NOT_FOUND", "There is no such resource or command.");

    // A name stands for a process, or for all processes of a resource.
    private IEnumerable<ResourceInstance> Find(HttpContext context)
    {
        var name = (string?)context.GetRouteValue("name");
        return instances.Where(instance =>
            string.Equals(instance.Name, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(instance.Resource.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    private static ResourceResponse ToResponse(ResourceInstance instance)
    {
        var status = instance.Status.Current;
        var hasProcess = instance.Supervisor is not null;
        var running = status.State is ResourceState.Running or ResourceState.Waiting or ResourceState.Starting or ResourceState.Restarting;
        return new(
            instance.Name,
            instance.Resource.Name,
            instance.Type,
            status.State.ToString(),
            instance.Resource is ParameterResource || status.State == ResourceState.Finished ? null : status.Health.ToString(),
            status.Message,
            instance.Urls,
            hasProcess ? status.Pid : null,
            hasProcess ? status.StartedAt : null,
            hasProcess ? status.Restarts : 0,
            hasProcess ? status.ExitCode : null,
            hasProcess ? (running ? ["stop", "restart"] : ["start"]) : []);
    }
}
