using Microsoft.Extensions.Options;

namespace Platform.Api.Common.Http;

/// <summary>
/// How many lines about good answers are written a second. A flood of requests shall not be slowed, or another line lost, by what is written
/// about it: the rest are counted and told in one line.
/// </summary>
internal sealed class RequestLogBudget(IOptions<RequestOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _second = time.GetTimestamp();
    private int _written;
    private long _left;

    /// <summary>Whether a good answer gets its line.</summary>
    /// <param name="left">With the first line of a new second: how many got none before; otherwise 0.</param>
    public bool TryTake(out long left)
    {
        left = 0;
        lock (_lock)
        {
            if (time.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1))
            {
                (_second, _written) = (time.GetTimestamp(), 0);
                (left, _left) = (_left, 0);
            }

            if (_written < options.Value.LogLinesPerSecond)
            {
                _written++;
                return true;
            }

            _left++;
            return false;
        }
    }
}
