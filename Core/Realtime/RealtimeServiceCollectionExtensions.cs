using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Core.Realtime.Redis;

namespace Platform.Core.Realtime;

/// <summary>Registers the live buses.</summary>
public static class RealtimeServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ILogBus"/> and <see cref="IEventBus"/> over the process's <c>IConnectionMultiplexer</c>.</summary>
    public static IServiceCollection AddRealtime(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RedisChannels>();
        services.TryAddSingleton<ILogBus, RedisLogBus>();
        services.TryAddSingleton<IEventBus, RedisEventBus>();
        return services;
    }
}
