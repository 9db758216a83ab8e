using Platform.Core.Jobs;

namespace Platform.Api.Webhooks;

/// <summary>Make one attempt of a delivery.</summary>
/// <param name="DeliveryId">The row in <c>webhook_deliveries</c>.</param>
/// <param name="Attempt">Which, from 1: an attempt that has been recorded is not made again.</param>
internal sealed record DeliverWebhookJob(Guid DeliveryId, int Attempt) : IJob
{
    public static string Type => "deliver-webhook";

    public static string Queue => JobQueues.Webhooks;
}
