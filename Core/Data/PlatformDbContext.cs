using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Conventions;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data;

/// <summary>The SQL schema of the platform on ASP.NET Core Identity's user store.</summary>
public sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options)
    : IdentityDbContext<PlatformUser, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Project> Projects => Set<Project>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<DeploymentCount> DeploymentCounts => Set<DeploymentCount>();

    public DbSet<ProjectDeploymentCount> ProjectDeploymentCounts => Set<ProjectDeploymentCount>();

    public DbSet<DeploymentStage> DeploymentStages => Set<DeploymentStage>();

    public DbSet<DeploymentLog> DeploymentLogs => Set<DeploymentLog>();

    public DbSet<ProductionChange> ProductionChanges => Set<ProductionChange>();

    public DbSet<OpenPullRequest> OpenPullRequests => Set<OpenPullRequest>();

    public DbSet<BranchAlias> BranchAliases => Set<BranchAlias>();

    public DbSet<SiteSettings> SiteSettings => Set<SiteSettings>();

    public DbSet<SiteDomain> SiteDomains => Set<SiteDomain>();

    public DbSet<SiteTraffic> SiteTraffic => Set<SiteTraffic>();

    public DbSet<SiteTrafficPath> SiteTrafficPaths => Set<SiteTrafficPath>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<NotificationCounter> NotificationCounters => Set<NotificationCounter>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<StoredExecution> Executions => Set<StoredExecution>();

    public DbSet<UserPreferences> UserPreferences => Set<UserPreferences>();

    public DbSet<GitHubConnection> GitHubConnections => Set<GitHubConnection>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<OrganizationMember> OrganizationMembers => Set<OrganizationMember>();

    public DbSet<OrganizationInvitation> OrganizationInvitations => Set<OrganizationInvitation>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<AccountToken> AccountTokens => Set<AccountToken>();

    public DbSet<UserDevice> UserDevices => Set<UserDevice>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<Mail> Mails => Set<Mail>();
    public DbSet<TwoFactor> TwoFactors => Set<TwoFactor>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<TwoFactorChallenge> TwoFactorChallenges => Set<TwoFactorChallenge>();

    public DbSet<PendingLogin> PendingLogins => Set<PendingLogin>();

    public DbSet<EmailChange> EmailChanges => Set<EmailChange>();

    public DbSet<UserAvatar> UserAvatars => Set<UserAvatar>();

    public DbSet<UserJourney> UserJourneys => Set<UserJourney>();

    public DbSet<GitHubInstallation> GitHubInstallations => Set<GitHubInstallation>();

    public DbSet<GitHubDelivery> GitHubDeliveries => Set<GitHubDelivery>();

    public DbSet<GitHubDeliveryResult> GitHubDeliveryResults => Set<GitHubDeliveryResult>();

    public DbSet<GitHubComment> GitHubComments => Set<GitHubComment>();

    public DbSet<ServiceStatus> ServiceStatuses => Set<ServiceStatus>();

    public DbSet<Incident> Incidents => Set<Incident>();

    public DbSet<OutboxJob> OutboxJobs => Set<OutboxJob>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());
        configurationBuilder.Conventions.Add(_ => new UuidKeyConvention());
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PlatformDbContext).Assembly);
    }
}
