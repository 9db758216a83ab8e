using Platform.Api.Auth.SignIn;
using Platform.Api.Common.Validation;

namespace Platform.Api.Auth.SecondFactor;

internal static class TwoFactorFeature
{
    public static IHostApplicationBuilder AddTwoFactor(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<TwoFactorCodes>();
        builder.Services.AddScoped<TwoFactorChallenges>();
        builder.Services.AddScoped<ISecondFactor>(provider => provider.GetRequiredService<TwoFactorChallenges>());
        builder.Services.AddScoped<TwoFactorService>();
        builder.Services.AddScoped<AccountProof>();
        builder.Services.AddValidator<ProofRequest, ProofRequestValidator>();
        builder.Services.AddValidator<EnableTwoFactorRequest, EnableTwoFactorValidator>();
        builder.Services.AddValidator<VerifyTwoFactorRequest, VerifyTwoFactorValidator>();
        return builder;
    }
}
