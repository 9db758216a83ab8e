using Microsoft.Extensions.Options;
using Platform.Api.Common.Validation;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal static class ExecutionFeature
{
    public static TBuilder AddExecution<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddOptions<ExecutionOptions>().BindConfiguration(ExecutionOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<InstanceOptions>().BindConfiguration(InstanceOptions.SectionName);
        services.AddSingleton(provider => LanguageCatalog.Load(provider.GetRequiredService<IOptions<ExecutionOptions>>().Value.Languages));
        services.AddSingleton<InstanceAddress>();
        services.AddSingleton<WorkerContact>();
        services.AddSingleton<PendingRuns>();
        services.AddSingleton<LanguageStates>();
        services.AddScoped<ExecutionService>();
        services.AddValidator<ExecuteRequest, ExecuteRequestValidator>();
        return builder;
    }
}
