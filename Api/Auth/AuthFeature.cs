using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Passwords;
using Platform.Api.Auth.Recovery;
using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.SignIn;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Api.Common.Validation;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Auth;

internal static class AuthFeature
{
    public static IHostApplicationBuilder AddAuth(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var development = builder.Environment.IsDevelopment();
        services.AddValidatedOptions<AuthOptions>(AuthOptions.SectionName)
            .Validate(
                options => AuthOptions.IsStrong(options.JwtSecret) || (development && options.JwtSecret is null),
                $"JWT_SECRET (Auth:JwtSecret) is required and must have at least {AuthOptions.MinSecretBytes} bytes.")
            .Validate(
                options => options.RefreshTokenSecret is null || AuthOptions.IsStrong(options.RefreshTokenSecret),
                $"REFRESH_TOKEN_SECRET (Auth:RefreshTokenSecret) must have at least {AuthOptions.MinSecretBytes} bytes.");

        services.AddAuthentication(PlatformAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, PlatformAuthenticationHandler>(PlatformAuthenticationHandler.SchemeName, null);
        services.AddAuthorization();
        AddAccounts(services);
        services.AddPlatformDataProtection();

        services.AddSingleton<AuthKeys>();
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<SigningKeyRotation>();
        services.AddSingleton<ICsrfTokens>(provider => provider.GetRequiredService<AuthKeys>());
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SessionPrincipals>();
        services.AddSingleton<AuthCookies>();
        services.AddSingleton<LiveSessionCache>();
        services.AddSingleton<ActiveSessions>();
        services.AddScoped<SessionService>();
        services.AddScoped<AccountService>();
        services.AddScoped<Administrators>();
        services.AddScoped<NewDevices>();
        services.AddScoped<SignInService>();
        AddRecovery(services);
        services.AddHostedService<AccountCleaner>();
        services.AddValidator<SignUpRequest, SignUpValidator>();
        services.AddValidator<LogInRequest, LogInValidator>();
        return builder;
    }

    private static void AddRecovery(IServiceCollection services)
    {
        services.AddScoped<MailedTokens>();
        services.AddScoped<EmailVerification>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<IMailRequestHandler>(provider => provider.GetRequiredService<EmailVerification>());
        services.AddScoped<IMailRequestHandler>(provider => provider.GetRequiredService<PasswordReset>());
        services.AddValidator<VerifyEmailRequest, VerifyEmailValidator>();
        services.AddValidator<EmailOnlyRequest, EmailOnlyValidator>();
        services.AddValidator<ResetPasswordRequest, ResetPasswordValidator>();
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddIdentityCore<PlatformUser>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            // The user name is the email address, which the validators have seen.
            identity.User.AllowedUserNameCharacters = "";
            // Length is what counts, and not being on the list; both are the validators' as well.
            identity.Password.RequiredLength = PasswordRules.MinLength;
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 1;
        }).AddRoles<IdentityRole<Guid>>().AddEntityFrameworkStores<PlatformDbContext>();
        services.AddOptions<PasswordHasherOptions>().Configure<IOptions<AuthOptions>>(
            (hasher, options) => hasher.IterationCount = options.Value.PasswordIterations);
        // Stateless, and shared by the decoy: Identity registers it per request only by habit.
        services.AddSingleton<IPasswordHasher<PlatformUser>, PasswordHasher<PlatformUser>>();
        services.AddSingleton<DecoyPassword>();
    }
}
