using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Platform.ServiceDefaults.Logging;

internal static class LoggingExtensions
{
    private const string FormatterKey = "Logging:Console:FormatterName";

    /// <summary>JSON lines on the console unless another formatter is configured (the app host asks for the readable one).</summary>
    public static void AddJsonLogs(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        if (string.IsNullOrEmpty(builder.Configuration[FormatterKey]))
        {
            builder.Logging.AddConsole(options => options.FormatterName = JsonLineFormatter.FormatterName);
        }

        // The framework's own request lines carry the query string, and with it the tokens of sockets; each process logs requests itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // A line per statement would cost more than many statements do.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Warning);
        // Says each path, and some are links that only those have who were given them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing.Matching", LogLevel.Warning);
    }
}
