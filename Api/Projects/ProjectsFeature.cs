using Platform.Api.Common.Errors;
using Platform.Api.Common.Validation;
using Platform.Api.Deployments;

namespace Platform.Api.Projects;

internal static class ProjectsFeature
{
    /// <summary>Needs the deployments, which bring sites and sources.</summary>
    public static IHostApplicationBuilder AddProjects(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidator<CreateProjectRequest, CreateProjectRequestValidator>();
        services.AddValidator<UpdateProjectRequest, UpdateProjectRequestValidator>();
        services.AddValidator<ProjectListQuery, ProjectListQueryValidator>();
        services.AddValidator<DeployProjectRequest, DeployProjectRequestValidator>();
        services.AddValidator<AddDomainRequest, AddDomainRequestValidator>();
        services.AddValidator<TrafficQuery, TrafficQueryValidator>();
        services.AddSingleton(new AddressedThings("/api/projects", DeploymentErrors.ProjectNotFoundCode, "Project"));
        services.AddScoped<ProjectQueries>();
        services.AddScoped<ProjectService>();
        services.AddScoped<ProjectVariables>();
        return builder;
    }
}
