using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Access;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Validation;
using Platform.Core.Data;
using Platform.Core.Jobs;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Webhooks;

internal static class WebhooksFeature
{
    private const int CallsAtOnce = 8;
    private const int CallsOfOneWebhook = 2;

    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<WebhookOptions>(WebhookOptions.SectionName);
        services.AddValidator<CreateWebhookRequest, CreateWebhookRequestValidator>();
        services.AddValidator<UpdateWebhookRequest, UpdateWebhookRequestValidator>();
        services.AddValidator<WebhookDeliveryQuery, WebhookDeliveryQueryValidator>();
        services.AddSingleton<WebhookAddresses>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookSender>();
        services.AddScoped<WebhookAccess>();
        services.AddScoped<WebhookFanOut>();
        services.AddScoped<WebhookService>();
        services.AddScoped<IAccountRemoval, WebhooksRemoval>();
        services.AddScoped<IOwnedResources, OwnedWebhooks>();
        services.AddJobHandler<DeliverWebhookJob, DeliverWebhookHandler>();
        services.AddJobWorker(JobQueues.Webhooks, CallsAtOnce, CallsOfOneWebhook);
        return builder;
    }
}

/// <summary>Webhooks for all projects go with the account; those of one project go with the project.</summary>
internal sealed class WebhooksRemoval : IAccountRemoval
{
    public Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) => Task.FromResult<ErrorResult?>(null);

    public async Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken)
    {
        await database.Webhooks.Where(row => account.Owners.Contains(row.OwnerId)).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}

/// <summary>Webhooks for all projects, when an organisation is to be deleted.</summary>
internal sealed class OwnedWebhooks(PlatformDbContext database) : IOwnedResources
{
    public string Kind => "webhooks";

    public Task<long> CountAsync(Guid ownerId, CancellationToken cancellationToken) =>
        database.Webhooks.LongCountAsync(row => row.OwnerId == ownerId && row.ProjectId == null, cancellationToken);
}
