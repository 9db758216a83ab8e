using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Validation;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

internal static class DeploymentsFeature
{
    /// <summary>Needs the stores, the job queue and the live buses, which the process registers once for all features.</summary>
    public static void AddDeployments(this IHostApplicationBuilder builder)
    {
        builder.AddDeploymentContracts();
        builder.Services.AddValidator<CreateDeploymentRequest, CreateDeploymentRequestValidator>();
        builder.Services.AddValidator<DeploymentListQuery, DeploymentListQueryValidator>();
        builder.Services.AddValidator<LogQuery, LogQueryValidator>();
        builder.Services.AddValidator<UploadQuery, UploadQueryValidator>();
        builder.Services.AddSingleton(new AddressedThings("/api/deployments", DeploymentErrors.NotFoundCode, "Deployment"));
        builder.Services.AddScoped<DeploymentRemovals>();
        builder.Services.AddScoped<SourceUploads>();
        builder.Services.AddHostedService<SourceArchiveSweeper>();
        builder.Services.AddScoped<DeploymentLists>();
        builder.Services.AddScoped<DeploymentQueries>();
        builder.Services.AddScoped<ProjectWebhooks>();
        builder.Services.AddScoped<QueuedDeployments>();
        builder.Services.AddScoped<DeploymentCancellation>();
        builder.Services.AddScoped<DeploymentService>();
        builder.Services.AddScoped<IAccountRemoval, DeploymentsRemoval>();
        builder.Services.AddSingleton<LogStreamServices>();
        builder.Services.AddSingleton<SampleCatalog>();
    }
}
