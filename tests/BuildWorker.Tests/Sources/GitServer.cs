using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.BuildWorker.Tests.Sources;

/// <summary>A Git server over https that wants a password, and looks whether anybody on this machine can read it.</summary>
internal sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _root;

    private GitServer(string root, string secret, TemporaryDirectory certificates)
    {
        (_root, Secret) = (root, secret);
        var certificate = MakeCertificate();
        CaBundle = certificates.Write("ca.crt", certificate.ExportCertificatePem());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The password that is taken.</summary>
    public string Secret { get; set; }

    /// <summary>Trusts it.</summary>
    public string CaBundle { get; }

    public string Host => new Uri(_app.Urls.First()).Authority.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public string Url => $"https://{Host}/bare.git";

    /// <summary>Where the secret was seen outside of this process: command lines and environments.</summary>
    public List<string> Leaks { get; } = [];

    public int Authorised { get; private set; }

    public static async Task<GitServer> StartAsync(string root, string secret, TemporaryDirectory certificates)
    {
        var server = new GitServer(root, secret, certificates);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{Secret}"));
        if (http.Request.Headers.Authorization != expected)
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        Authorised++;
        LookForLeaks();
        var start = new ProcessStartInfo("git", ["http-backend"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = _root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "safe.directory";
        start.Environment["GIT_CONFIG_VALUE_0"] = "*";
        start.Environment["PATH_INFO"] = http.Request.Path;
        start.Environment["QUERY_STRING"] = http.Request.QueryString.Value?.TrimStart('?') ?? "";
        start.Environment["REQUEST_METHOD"] = http.Request.Method;
        start.Environment["CONTENT_TYPE"] = http.Request.ContentType ?? "";
        start.Environment["REMOTE_USER"] = "tester";
        if (http.Request.Headers["Git-Protocol"].ToString() is { Length: > 0 } protocol) start.Environment["GIT_PROTOCOL"] = protocol;
        if (http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding) start.Environment["HTTP_CONTENT_ENCODING"] = encoding;
        using var backend = Process.Start(start)!;
        var sending = Task.Run(
            async () =>
            {
                await http.Request.Body.CopyToAsync(backend.StandardInput.BaseStream, http.RequestAborted);
                backend.StandardInput.Close();
            },
            http.RequestAborted);
        await AnswerAsync(http, backend.StandardOutput.BaseStream);
        await sending;
        await backend.WaitForExitAsync(http.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext http, Stream output)
    {
        using var all = new MemoryStream();
        await output.CopyToAsync(all, http.RequestAborted);
        var bytes = all.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = (line.Split(": ")[0], line.Split(": ")[1]);
            if (name == "Status") http.Response.StatusCode = int.Parse(value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            else http.Response.Headers[name] = value;
        }

        await http.Response.Body.WriteAsync(bytes.AsMemory(end + 4), http.RequestAborted);
    }

    private void LookForLeaks()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            foreach (var file in new[] { "cmdline", "environ" })
            {
                try
                {
                    if (File.ReadAllText(Path.Combine(process, file)).Contains(Secret, StringComparison.Ordinal)) Leaks.Add(Path.Combine(process, file));
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It has ended.
                    continue;
                }
            }
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
