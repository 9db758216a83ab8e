using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Documents.Postgres;

namespace Platform.Core.Documents;

/// <summary>Registration of the document store.</summary>
public static class DocumentStoreExtensions
{
    internal const string BuiltIn = "postgres";

    /// <summary>The store that <c>Documents:Engine</c> names, over the registered <see cref="NpgsqlDataSource"/> or MongoDB database.</summary>
    public static IServiceCollection AddDocumentStore(this IServiceCollection services)
    {
        services.AddOptions<DocumentOptions>().BindConfiguration(DocumentOptions.SectionName).Validate(Known, Message).ValidateOnStart();
        services.TryAddSingleton(provider => Name(provider.GetRequiredService<IOptions<DocumentOptions>>().Value) == BuiltIn
            ? new PostgresDocumentStore(provider.GetRequiredService<NpgsqlDataSource>())
            : PackagedDocumentStore.Create(provider));
        return services;
    }

    private static string Message =>
        $"Documents:Engine must be '{BuiltIn}'{(PackagedDocumentStore.Name is { } packaged ? $" or '{packaged}'" : " (others need the full package set)")}.";

    private static string Name(DocumentOptions options) =>
        string.IsNullOrWhiteSpace(options.Engine) ? PackagedDocumentStore.Name ?? BuiltIn : options.Engine;

    private static bool Known(DocumentOptions options) => Name(options) is var name && (name == BuiltIn || name == PackagedDocumentStore.Name);
}
