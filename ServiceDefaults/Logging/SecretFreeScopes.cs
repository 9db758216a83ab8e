using System.Collections;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// The scopes of all log lines, whoever writes or exports them, without the path that the server puts around each request: it may carry a
/// mailed token. The one line about a request has the path in a form that may be written down.
/// </summary>
internal sealed class SecretFreeScopes : IExternalScopeProvider
{
    private const string Path = "RequestPath";

    private readonly LoggerExternalScopeProvider _scopes = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => _scopes.ForEachScope(callback, state);

    public IDisposable Push(object? state) => _scopes.Push(state is IReadOnlyList<KeyValuePair<string, object>> values && HasPath(values) ? new WithoutPath(values) : state);

    /// <summary>From the end, where the server has it: its other values are put together when they are asked for, once for every request.</summary>
    private static bool HasPath(IReadOnlyList<KeyValuePair<string, object>> values)
    {
        for (var index = values.Count - 1; index >= 0; index--)
        {
            if (values[index].Key == Path) return true;
        }

        return false;
    }

    /// <summary>Reads what it wraps when it is asked: the id of a request is set after the scope began.</summary>
    private sealed class WithoutPath(IReadOnlyList<KeyValuePair<string, object>> values) : IReadOnlyList<KeyValuePair<string, object>>
    {
        public int Count => Rest().Count();

        public KeyValuePair<string, object> this[int index] => Rest().ElementAt(index);

        public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => Rest().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => string.Join(' ', Rest().Select(value => $"{value.Key}:{value.Value}"));

        private IEnumerable<KeyValuePair<string, object>> Rest() => values.Where(value => value.Key != Path);
    }
}
