using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;

namespace Platform.Api.Users;

/// <summary>The journey after sign-up: who somebody is, who hosts, and where.</summary>
internal sealed class OnboardingService(PlatformDbContext database, IOptions<GitHubAppOptions> app, TimeProvider time)
{
    public const string InstallPath = "/api/github/app/install";

    private static readonly OnboardingChoicesResponse Choices = new(UserTypes.All, HostingOptions.All, HostingTargets.All);

    public async Task<OnboardingResponse> GetAsync(Guid userId, CancellationToken cancellationToken)
    {
        var journey = await database.UserJourneys.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken) ?? new UserJourney();
        var installed = await database.GitHubInstallations.AnyAsync(row => row.UserId == userId, cancellationToken);
        var next = NextStep(journey, needsApp: app.Value.IsConfigured && !installed);
        return new OnboardingResponse(
            journey.UserType, journey.HostingOption, journey.HostingTarget, installed, app.Value.IsConfigured ? InstallPath : null, next is null, next, Choices);
    }

    /// <summary>Takes the steps; a refusal when one before them is missing.</summary>
    public Task<ErrorResult?> UpdateAsync(Guid userId, UpdateOnboardingRequest request, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var journey = await LockAsync(userId, token);
            journey.UserType = request.UserType ?? journey.UserType;
            if (request.HostingOption is not null)
            {
                if (journey.UserType is null) return ApiErrors.Invalid("userType", "Tell who you are first.");
                // Where somebody hosts is asked of those only who do it themselves.
                if (request.HostingOption != HostingOptions.SelfHosting) journey.HostingTarget = null;
                journey.HostingOption = request.HostingOption;
            }

            if (request.HostingTarget is not null)
            {
                if (journey.HostingOption is null) return ApiErrors.Invalid("hostingOption", "Choose who hosts first.");
                if (journey.HostingOption != HostingOptions.SelfHosting) return ApiErrors.Invalid("hostingTarget", "Only those who host themselves choose where.");
                journey.HostingTarget = request.HostingTarget;
            }

            await SaveAsync(journey, token);
            return null;
        },
        cancellationToken);

    /// <summary>Connecting GitHub is choosing it.</summary>
    public Task ChooseGitHubAsync(Guid userId, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var journey = await LockAsync(userId, token);
            // Who came by the settings and not by the journey has not told who they are; most are developers, and it can be changed.
            journey.UserType ??= UserTypes.All[0];
            (journey.HostingOption, journey.HostingTarget) = (HostingOptions.SelfHosting, HostingTargets.GitHub);
            await SaveAsync(journey, token);
        },
        cancellationToken);

    internal static string? NextStep(UserJourney journey, bool needsApp) => journey switch
    {
        { UserType: null } => "user_type",
        { HostingOption: null } => "hosting_option",
        { HostingOption: HostingOptions.SelfHosting, HostingTarget: null } => "hosting_target",
        { HostingTarget: HostingTargets.GitHub } when needsApp => "github_app",
        _ => null,
    };

    /// <summary>The row, which nobody else changes until the transaction ends.</summary>
    private async Task<UserJourney> LockAsync(Guid userId, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"INSERT INTO user_journeys (user_id) VALUES ({userId}) ON CONFLICT (user_id) DO UPDATE SET updated_at = user_journeys.updated_at", cancellationToken);
        return await database.UserJourneys.AsNoTracking().SingleAsync(row => row.UserId == userId, cancellationToken);
    }

    private Task<int> SaveAsync(UserJourney journey, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.UserJourneys.Where(row => row.UserId == journey.UserId).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.UserType, journey.UserType)
                .SetProperty(each => each.HostingOption, journey.HostingOption)
                .SetProperty(each => each.HostingTarget, journey.HostingTarget)
                .SetProperty(each => each.UpdatedAt, now),
            cancellationToken);
    }
}
