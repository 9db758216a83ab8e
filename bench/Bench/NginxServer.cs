using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.Bench;

/// <summary>Debian's nginx on loopback, set up as one sets it up for speed.</summary>
internal sealed class NginxServer : IDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx"];
    private readonly Process _process;
    private readonly string _directory;

    private NginxServer(Process process, string directory, IPEndPoint address) => (_process, _directory, Address) = (process, directory, address);

    public IPEndPoint Address { get; }

    /// <summary>Where the program is; null when it is not installed.</summary>
    public static string? Find() => Places.FirstOrDefault(File.Exists);

    public static async Task<NginxServer> StartAsync(string program, string root, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("bench-nginx-conf-").FullName;
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var settings = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(settings, Settings(root, directory, address.Port), cancellationToken);
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in new[] { "-c", settings, "-p", directory, "-e", Path.Combine(directory, "error.log") }) start.ArgumentList.Add(argument);
        var server = new NginxServer(Process.Start(start)!, directory, address);
        for (var time = 0; time < 100; time++)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(address, cancellationToken);
                return server;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }

        server.Dispose();
        throw new InvalidOperationException("nginx did not start.");
    }

    public void Dispose()
    {
        // The master ends its workers when it is asked to; killed, it would leave them.
        if (!_process.HasExited)
        {
            using var asked = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            asked.WaitForExit();
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Settings(string root, string directory, int port) => $$"""
        daemon off;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes auto;
        pid {{directory}}/pid;
        events { worker_connections 1024; }
        http {
          types { text/html html; text/css css; text/javascript js; }
          access_log off;
          sendfile on;
          tcp_nopush on;
          open_file_cache max=1000 inactive=60s;
          keepalive_requests 100000000;
          client_body_temp_path {{directory}}/a; proxy_temp_path {{directory}}/b; fastcgi_temp_path {{directory}}/c; uwsgi_temp_path {{directory}}/d; scgi_temp_path {{directory}}/e;
          server { listen 127.0.0.1:{{port}}; root {{root}}; }
        }
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
