using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Api.Tests.Webhooks;

/// <summary>A call as it arrived.</summary>
internal sealed record HookCall(string Path, IHeaderDictionary Headers, byte[] Body);

/// <summary>What somebody runs to be told.</summary>
internal sealed class HookReceiver(WebApplication app) : IAsyncDisposable
{
    public ConcurrentQueue<HookCall> Calls { get; } = new();

    public string Address => new Uri(new Uri(app.Urls.First()), "/hook").AbsoluteUri;

    /// <param name="statusOfCall">By the number of the call, from 1.</param>
    public static async Task<HookReceiver> StartAsync(Func<int, int> statusOfCall)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Run(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            receiver.Calls.Enqueue(new HookCall(context.Request.Path, new HeaderDictionary(context.Request.Headers.ToDictionary()), body.ToArray()));
            context.Response.StatusCode = statusOfCall(receiver.Calls.Count);
            context.Response.Headers.Location = "/elsewhere";
        });
        await app.StartAsync(CancellationToken.None);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
