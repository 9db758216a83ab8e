using Platform.Api.Common.Validation;

namespace Platform.Api.Users;

internal static class UsersFeature
{
    public static IHostApplicationBuilder AddUsers(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<ProfileService>();
        services.AddScoped<PasswordService>();
        services.AddScoped<EmailChangeService>();
        services.AddScoped<AccountDeletion>();
        services.AddScoped<AccountExporter>();
        services.AddScoped<OnboardingService>();
        services.AddValidator<UpdateProfileRequest, UpdateProfileValidator>();
        services.AddValidator<UpdatePreferencesRequest, UpdatePreferencesValidator>();
        services.AddValidator<ChangePasswordRequest, ChangePasswordValidator>();
        services.AddValidator<ChangeEmailRequest, ChangeEmailValidator>();
        services.AddValidator<ConfirmEmailRequest, ConfirmEmailValidator>();
        services.AddValidator<UndoEmailRequest, UndoEmailValidator>();
        services.AddValidator<UpdateOnboardingRequest, UpdateOnboardingValidator>();
        return builder;
    }
}
