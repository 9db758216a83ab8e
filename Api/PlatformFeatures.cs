using Platform.Api.Access;
using Platform.Api.Admin;
using Platform.Api.ApiTokens;
using Platform.Api.Audit;
using Platform.Api.Auth;
using Platform.Api.Auth.OAuth;
using Platform.Api.Auth.SecondFactor;
using Platform.Api.Common;
using Platform.Api.Common.OpenApi;
using Platform.Api.Dashboard;
using Platform.Api.Demo;
using Platform.Api.Deployments;
using Platform.Api.Execution;
using Platform.Api.GitHub;
using Platform.Api.GitHub.Webhooks;
using Platform.Api.Mail;
using Platform.Api.Mail.Outbox;
using Platform.Api.Notifications;
using Platform.Api.Organizations;
using Platform.Api.Piston;
using Platform.Api.Projects;
using Platform.Api.Snippets;
using Platform.Api.Users;
using Platform.Api.Webhooks;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api;

/// <summary>The features of the Api, one line each.</summary>
internal static class PlatformFeatures
{
    public static void AddPlatformFeatures(this IHostApplicationBuilder builder)
    {
        builder.Services.AddJobQueue(builder.Configuration);
        builder.Services.AddRealtime();
        builder.AddMail();
        builder.AddAudit();
        builder.AddAccess();
        builder.AddAuth();
        builder.AddApiTokens();
        builder.AddOrganizations();
        builder.AddAdmin();
        builder.AddOAuth();
        builder.AddTwoFactor();
        builder.AddUsers();
        builder.AddGitHub();
        builder.AddDeployments();
        builder.AddProjects();
        builder.AddDashboard();
        builder.AddExecution();
        builder.AddSnippets();
        builder.AddPiston();
        builder.AddNotifications();
        builder.AddWebhooks();
        builder.AddDemo();
    }

    public static void MapPlatformFeatures(this WebApplication app)
    {
        app.MapPlatformOpenApi();
        app.MapJobDashboard(PlatformPolicies.Admin);
        var api = app.MapApi();
        api.MapAuth();
        api.MapApiTokens();
        api.MapAudit();
        api.MapAdmin();
        api.MapOrganizations();
        api.MapInvitations();
        api.MapMailOutbox(app.Environment);
        api.MapOAuth();
        api.MapTwoFactor();
        api.MapLogins();
        api.MapUsers();
        api.MapAvatars();
        api.MapOnboarding();
        api.MapGitHubApp();
        api.MapGitHubConnection();
        api.MapGitHubRepositories();
        api.MapGitHubWebhook();
        api.MapDeployments();
        api.MapDeploymentActions();
        api.MapProjects();
        api.MapProjectSites();
        api.MapDashboard();
        api.MapExecution();
        api.MapSnippets();
        api.MapPiston();
        api.MapNotifications();
        api.MapWebhooks();
        app.MapRunCallback();
    }
}
