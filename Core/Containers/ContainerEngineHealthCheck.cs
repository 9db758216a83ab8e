using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Core.Containers;

/// <summary>Healthy while the engine answers.</summary>
internal sealed class ContainerEngineHealthCheck(IContainerEngine engine) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var info = await engine.GetInfoAsync(limit.Token);
            return HealthCheckResult.Healthy($"Engine {info.Version}, API {info.ApiVersion}");
        }
        catch (ContainerEngineException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The engine did not answer within {Patience.TotalSeconds:0} s.", exception);
        }
    }
}
