using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth;
using Platform.Api.Auth.Passwords;
using Platform.Api.Common;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Demo;

internal static partial class DemoFeature
{
    private static readonly string[] Samples = ["plain-html", "vite-react", "broken-build"];

    public static IHostApplicationBuilder AddDemo(this IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddValidatedOptions<DemoOptions>(DemoOptions.SectionName)
            .Validate(options => !options.Seed || development, "SEED_DEMO (Demo:Seed) is for Development only.")
            .Validate(
                options => !options.Seed || options.Password?.Length >= PasswordRules.MinLength,
                $"DEMO_PASSWORD (Demo:Password) is required with SEED_DEMO and has at least {PasswordRules.MinLength} characters.");
        return builder;
    }

    /// <summary>Makes the demo account when configuration asks for it and it is not there; call it after the migrations.</summary>
    public static async Task SeedDemoAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DemoOptions>>().Value;
        if (!options.Seed) return;
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
        await accounts.CreateAsync("Demo", options.Email, options.Password!, verified: true, app.Lifetime.ApplicationStopping);
        var deployments = scope.ServiceProvider.GetRequiredService<DeploymentService>();
        await SeedDeploymentsAsync(database, deployments, options.Email, app.Lifetime.ApplicationStopping);
        Log.Ready(app.Logger, options.Email);
    }

    /// <summary>Something to look at: the samples, one of which fails. The workers build them as soon as they are there.</summary>
    private static async Task SeedDeploymentsAsync(
        PlatformDbContext database, DeploymentService deployments, string email, CancellationToken cancellationToken)
    {
        var id = await database.Users.Where(row => row.Email == email).Select(row => row.Id).SingleAsync(cancellationToken);
        if (await database.Deployments.AnyAsync(deployment => deployment.OwnerId == id, cancellationToken)) return;
        var demo = new CurrentUser(id, Guid.Empty, email, "Demo", PlatformRoles.User);
        foreach (var sample in Samples)
            await deployments.CreateAsync(new CreateDeploymentRequest($"sample:{sample}", "main"), null, demo, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The demo account is {Email}; its password is Demo:Password")]
        public static partial void Ready(ILogger logger, string email);
    }
}
