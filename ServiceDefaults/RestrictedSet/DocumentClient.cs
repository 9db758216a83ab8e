using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults;

/// <summary>The client below the document store: none beside PostgreSQL's, which the process has.</summary>
internal static class DocumentClient
{
    public static void Add(IHostApplicationBuilder builder) => _ = builder;
}
