using Microsoft.Extensions.Options;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Validation;
using Platform.Api.Execution.Callbacks;
using Platform.Api.Execution.Checking;
using Platform.Api.Execution.Storage;
using Platform.Api.Execution.Streaming;
using Platform.Core.Execution;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Execution;

internal static class ExecutionFeature
{
    public static TBuilder AddExecution<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddValidatedOptions<ExecutionOptions>(ExecutionOptions.SectionName);
        services.AddOptions<InstanceOptions>().BindConfiguration(InstanceOptions.SectionName);
        services.AddSingleton(provider => LanguageCatalog.Load(provider.GetRequiredService<IOptions<ExecutionOptions>>().Value.Languages));
        services.AddRuns();
        services.AddSingleton<LanguageStates>();
        services.AddSingleton<CheckService>();
        services.AddScoped<ExecuteServices>();
        services.AddValidator<ExecuteRequest, ExecuteRequestValidator>();
        services.AddValidator<ValidateCodeRequest, ValidateCodeRequestValidator>();
        services.AddStoredExecutions();
        services.AddValidatedOptions<StreamOptions>(StreamOptions.SectionName);
        services.AddSingleton<StreamSockets>();
        services.AddSingleton<StreamServices>();
        return builder;
    }

    /// <summary>What it takes to have a run made by a worker.</summary>
    internal static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddSingleton<InstanceAddress>();
        services.AddSingleton<WorkerContact>();
        services.AddSingleton<PendingRuns>();
        services.AddSingleton<RunGate>();
        services.AddSingleton<RunDispatcher>();
        services.AddSingleton<ExecutionService>();
        return services;
    }

    private static void AddStoredExecutions(this IServiceCollection services)
    {
        services.AddValidatedOptions<AsyncOptions>(AsyncOptions.SectionName);
        services.AddValidatedOptions<HistoryOptions>(HistoryOptions.SectionName);
        services.AddValidatedOptions<CallbackOptions>(CallbackOptions.SectionName);
        services.AddValidator<ExecuteBatchRequest, ExecuteBatchRequestValidator>();
        services.AddValidator<HistoryQuery, HistoryQueryValidator>();
        services.AddSingleton<ExecutionPayloads>();
        services.AddSingleton<ExecutionViews>();
        services.AddSingleton<ExecutionProgress>();
        services.AddScoped<ExecutionStore>();
        services.AddScoped<IAccountRemoval, ExecutionsRemoval>();
        services.AddScoped<ExecutionHistory>();
        services.AddScoped<AsyncExecutions>();
        services.AddSingleton<CallbackAddresses>();
        services.AddSingleton<CallbackSecrets>();
        services.AddHosted<CallbackSender>();
        services.AddHosted<AsyncRunner>();
        services.AddHosted<ExecutionRecorder>();
        services.AddHostedService<HistorySweeper>();
    }

    /// <summary>A service that runs by itself and that others speak to.</summary>
    private static void AddHosted<TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        services.AddHostedService(provider => provider.GetRequiredService<TService>());
    }
}
