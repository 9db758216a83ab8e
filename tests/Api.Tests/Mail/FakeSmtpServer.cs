using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Platform.Api.Tests.Mail;

/// <summary>What a mail server was handed.</summary>
internal sealed record ReceivedMail(string From, string To, string Data, bool Encrypted, string? User, string? Password);

/// <summary>A mail server on loopback that offers STARTTLS with a certificate that only this process trusts, and takes mails over it only.</summary>
internal sealed class FakeSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public FakeSmtpServer(bool offersTls = true)
    {
        OffersTls = offersTls;
        Trust(_certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool OffersTls { get; }

    /// <summary>Answer to <c>RCPT TO</c>; another one refuses the recipient.</summary>
    public string RecipientAnswer { get; set; } = "250 fine";

    /// <summary>Takes connections and says nothing.</summary>
    public bool IsSilent { get; set; }

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                if (IsSilent) await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        var (from, to, user, password) = ("", "", (string?)null, (string?)null);
        await SayAsync(stream, "220 fake ESMTP");
        while (await ReadLineAsync(stream) is { } line)
        {
            var encrypted = stream is SslStream;
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(stream, encrypted ? "250-fake\r\n250 AUTH LOGIN" : OffersTls ? "250-fake\r\n250 STARTTLS" : "250 fake");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go ahead");
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    stream = secure;
                    break;
                case "AUTH":
                    user = Decode(line.Split(' ').ElementAtOrDefault(2) ?? await AskAsync(stream, "334 VXNlcm5hbWU6"));
                    password = Decode(await AskAsync(stream, "334 UGFzc3dvcmQ6"));
                    await SayAsync(stream, "235 welcome");
                    break;
                case "MAIL":
                    from = line["MAIL FROM:".Length..];
                    await SayAsync(stream, encrypted ? "250 fine" : "530 must issue STARTTLS first");
                    break;
                case "RCPT":
                    to = line["RCPT TO:".Length..];
                    await SayAsync(stream, RecipientAnswer);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    Mails.Enqueue(new ReceivedMail(from, to, await ReadDataAsync(stream), encrypted, user, password));
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 fine");
                    break;
            }
        }
    }

    private static async Task<string> AskAsync(Stream stream, string question)
    {
        await SayAsync(stream, question);
        return await ReadLineAsync(stream) ?? "";
    }

    private static async Task<string> ReadDataAsync(Stream stream)
    {
        var text = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"));

    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n') return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    // The one way to tell the framework's mail client about a certificate; it is asked for every server of this process, so it looks twice.
    private static void Trust(X509Certificate2 certificate)
    {
        var thumbprint = certificate.Thumbprint;
#pragma warning disable SYSLIB0014, MA0039
        var before = ServicePointManager.ServerCertificateValidationCallback;
        ServicePointManager.ServerCertificateValidationCallback = (sender, given, chain, errors) =>
            errors == SslPolicyErrors.None || given?.GetCertHashString() == thumbprint || before?.Invoke(sender, given, chain, errors) == true;
#pragma warning restore SYSLIB0014, MA0039
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
