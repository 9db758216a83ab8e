using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;

namespace Platform.AppHost.Local.Dashboard;

/// <summary>Serves the dashboard on the loopback address.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public DashboardServer(int port, IReadOnlyList<ResourceInstance> instances, LogBuffer hostLog, SecretMasker masker)
    {
        // The host's own settings and environment are for the host: nothing of them may move or open this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Dashboard", EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.ListenLocalhost(port);
        });
        // Open log streams end with the host; nobody waits for browsers.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.UseMiddleware<RequestGuard>(port);
        _app.UseRouting();
        _app.MapDashboardPage();
        new ResourcesApi(instances, hostLog, masker, _app.Lifetime.ApplicationStopping).Map(_app);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
