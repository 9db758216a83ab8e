using Platform.Api.Common.Access;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Validation;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Organizations;

internal static class OrganizationsFeature
{
    public static IHostApplicationBuilder AddOrganizations(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<OrganizationOptions>(OrganizationOptions.SectionName);
        services.AddValidator<CreateOrganizationRequest, CreateOrganizationValidator>();
        services.AddValidator<UpdateOrganizationRequest, UpdateOrganizationValidator>();
        services.AddValidator<TransferOrganizationRequest, TransferOrganizationValidator>();
        services.AddValidator<TransferProjectRequest, TransferProjectValidator>();
        services.AddValidator<ChangeRoleRequest, ChangeRoleValidator>();
        services.AddValidator<InviteRequest, InviteValidator>();
        services.AddValidator<InvitationTokenRequest, InvitationTokenValidator>();
        services.AddSingleton<InvitationMail>();
        services.AddScoped<OrganizationQueries>();
        services.AddScoped<OrganizationService>();
        services.AddScoped<MembershipService>();
        services.AddScoped<InvitationService>();
        services.AddScoped<ProjectArchives>();
        services.AddScoped<ProjectTransfer>();
        services.AddScoped<ReceiverQuota>();
        services.AddScoped<IOwnedResources, OwnedProjects>();
        services.AddScoped<IAccountRemoval, OrganizationsRemoval>();
        return builder;
    }
}
