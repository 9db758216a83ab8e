using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Bench;

/// <summary>Kestrel with one endpoint that answers with the same bytes, in a process of its own, as the Api has one.</summary>
internal sealed class BareServer : IDisposable
{
    public const string Command = "bare-server";

    private readonly Process _process;

    private BareServer(Process process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public static async Task<BareServer> StartAsync(byte[] body, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, body, cancellationToken);
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareServer).Assembly.Location, Command, file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The bare server did not start.");
        return new BareServer(process, new IPEndPoint(IPAddress.Loopback, new Uri(line).Port));
    }

    /// <summary>The other process: serves the file until it is killed.</summary>
    public static async Task ServeAsync(string file, CancellationToken cancellationToken)
    {
        var body = await File.ReadAllBytesAsync(file, cancellationToken);
        File.Delete(file);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/api/snippets", () => Results.Bytes(body, "application/json; charset=utf-8"));
        await app.StartAsync(cancellationToken);
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await app.WaitForShutdownAsync(cancellationToken);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
