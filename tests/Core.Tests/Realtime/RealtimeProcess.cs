using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Core.Realtime;
using StackExchange.Redis;

namespace Platform.Core.Tests.Realtime;

/// <summary>A process with buses and a connection of its own.</summary>
internal sealed class RealtimeProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RealtimeProcess(ServiceProvider services) => _services = services;

    public ILogBus Logs => _services.GetRequiredService<ILogBus>();

    public IEventBus Events => _services.GetRequiredService<IEventBus>();

    public static async Task<RealtimeProcess> StartAsync(string connectionString, string? name = null)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        if (name is not null) options.ClientName = name;
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        // By a factory, so that the container closes it.
        services.AddSingleton<IConnectionMultiplexer>(_ => connection);
        services.AddRealtime();
        return new RealtimeProcess(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
