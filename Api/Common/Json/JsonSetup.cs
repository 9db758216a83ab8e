using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Api.Common.Json;

internal static class JsonSetup
{
    /// <summary>How all bodies and frames are written; sockets take their options from here too.</summary>
    public static IServiceCollection AddPlatformJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        // "7" is no number; without this the document says integer or string.
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcDateTimeOffsetConverter());
    }
}
