using System.Threading.Channels;

namespace Platform.AppHost.Local.Logs;

/// <summary>Writes the lines of all resources to one terminal, each behind its resource's name.</summary>
internal sealed class ConsoleMultiplexer : IAsyncDisposable
{
    private static readonly string[] Colours = ["\e[90m", "\e[36m", "\e[32m", "\e[33m", "\e[35m", "\e[34m", "\e[96m", "\e[92m", "\e[93m", "\e[95m"];

    // A terminal that is held (Ctrl-S) must not hold the processes: lines wait here, and the oldest go when too many do.
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly TextWriter _output;
    private readonly bool _coloured;
    private readonly Task _writer;
    private int _width;

    /// <param name="output">Where the lines go.</param>
    /// <param name="coloured">Whether each name has a colour.</param>
    /// <param name="width">The length of the longest name that is expected.</param>
    public ConsoleMultiplexer(TextWriter output, bool coloured, int width)
    {
        _width = width;
        _output = output;
        _coloured = coloured;
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Whether standard output is a terminal that wants colours.</summary>
    public static bool WantsColour() => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Write(LogBuffer source, LogLine line)
    {
        _width = Math.Max(_width, source.Name.Length);
        var name = source.Name.PadRight(_width);
        _lines.Writer.TryWrite(_coloured
            ? $"{Colours[source.Colour % Colours.Length]}{name} │\e[0m {line.Text}\e[0m"
            : $"{name} | {line.Text}");
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        var broken = false;
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (broken) continue;
            try
            {
                await _output.WriteLineAsync(line);
            }
            catch (IOException)
            {
                // The terminal is gone. The lines are still in the buffers, and the resources must be stopped in order all the same.
                broken = true;
            }
        }
    }
}
