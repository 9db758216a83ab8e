using System.Text;
using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers;

/// <summary>Collects what a stream says, with a limit on patience instead of a hanging test.</summary>
internal sealed class StreamText(IContainerStream stream)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _stdout = new();
    private readonly StringBuilder _stderr = new();
    private readonly byte[] _buffer = new byte[8192];

    public string Stdout => _stdout.ToString();

    public string Stderr => _stderr.ToString();

    public async Task<string> UntilAsync(string text)
    {
        while (!Stdout.Contains(text))
        {
            if (!await ReadAsync()) throw new InvalidOperationException($"The output ended without '{text}': {Stdout}{Stderr}");
        }

        return Stdout;
    }

    public async Task<string> ToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return Stdout;
    }

    private async Task<bool> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var chunk = await stream.ReadAsync(_buffer, limit.Token);
        (chunk.Kind == OutputKind.Stdout ? _stdout : _stderr).Append(Encoding.UTF8.GetString(_buffer, 0, chunk.Length));
        return chunk.Length > 0;
    }
}
