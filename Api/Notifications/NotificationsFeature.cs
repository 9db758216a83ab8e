using Platform.Api.Common.Audit;
using Platform.Api.Common.Notifications;
using Platform.Api.Common.Validation;
using Platform.Core.Jobs;
using Platform.Core.Notifications;

namespace Platform.Api.Notifications;

internal static class NotificationsFeature
{
    private const int JobsAtOnce = 4;

    /// <summary>Needs the job queue and mails, which the process registers for all features.</summary>
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidator<NotificationQuery, NotificationQueryValidator>();
        services.AddValidator<NotificationStreamQuery, NotificationStreamQueryValidator>();
        services.AddValidator<ReadNotificationsRequest, ReadNotificationsRequestValidator>();
        services.AddScoped<INotifier, Notifier>();
        services.AddScoped<IAuditObserver, SecurityNotifications>();
        services.AddScoped<NotificationStore>();
        services.AddSingleton<NotificationSignals>();
        services.AddHostedService(provider => provider.GetRequiredService<NotificationSignals>());
        services.AddSingleton<NotificationStreamServices>();
        services.AddJobHandler<NotifyDeploymentJob, NotifyDeploymentHandler>();
        services.AddJobWorker(JobQueues.Notifications, JobsAtOnce);
        return builder;
    }
}
