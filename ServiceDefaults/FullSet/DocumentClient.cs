using Microsoft.Extensions.Hosting;
using Platform.Core;

namespace Platform.ServiceDefaults;

/// <summary>The client below the document store: Aspire's MongoDB integration.</summary>
internal static class DocumentClient
{
    public static void Add(IHostApplicationBuilder builder) => builder.AddMongoDBClient(ResourceNames.Documents);
}
