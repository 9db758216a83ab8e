using Microsoft.Extensions.Options;

namespace Platform.Api.Execution.Streaming;

/// <summary>Counts the sockets of each account or address at this instance.</summary>
internal sealed class StreamSockets(IOptions<StreamOptions> options)
{
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <returns>To be disposed of with the socket; null when there are too many already.</returns>
    public IDisposable? TryOpen(string owner)
    {
        lock (_open)
        {
            var count = _open.GetValueOrDefault(owner);
            if (count >= options.Value.SocketsPerOwner) return null;
            _open[owner] = count + 1;
        }

        return new Entry(this, owner);
    }

    private void Close(string owner)
    {
        lock (_open)
        {
            if (_open[owner] == 1) _open.Remove(owner);
            else _open[owner]--;
        }
    }

    private sealed class Entry(StreamSockets sockets, string owner) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0) sockets.Close(owner);
        }
    }
}
