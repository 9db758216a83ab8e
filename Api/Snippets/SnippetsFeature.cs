using Platform.Api.Common.Access;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Validation;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Snippets;

internal static class SnippetsFeature
{
    public static IHostApplicationBuilder AddSnippets(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<SnippetOptions>(SnippetOptions.SectionName);
        services.AddSingleton<SnippetGenerations>();
        services.AddSingleton<SnippetCache>();
        services.AddSingleton<SnippetLists>();
        services.AddScoped<SnippetAccess>();
        services.AddScoped<SnippetQueries>();
        services.AddScoped<SnippetService>();
        services.AddScoped<IAccountRemoval, SnippetsRemoval>();
        services.AddScoped<SnippetRevisions>();
        services.AddScoped<SnippetExport>();
        services.AddScoped<IOwnedResources, OwnedSnippets>();
        services.AddValidator<CreateSnippetRequest, CreateSnippetRequestValidator>();
        services.AddValidator<UpdateSnippetRequest, UpdateSnippetRequestValidator>();
        services.AddValidator<SnippetListQuery, SnippetListQueryValidator>();
        services.AddValidator<RunSnippetRequest, RunSnippetRequestValidator>();
        services.AddValidator<ImportSnippetsRequest, ImportSnippetsRequestValidator>();
        return builder;
    }
}
