using System.Text.Json;

namespace Platform.AppHost.Local.State;

/// <summary>Ports and generated values, kept in a file that only its owner can read.</summary>
internal sealed class StateStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly StateFile _state;

    public StateStore(string dataDirectory)
    {
        Directory = new(dataDirectory);
        Directory.Create();
        _file = Path.Combine(Directory.Own, "state.json");
        _state = Read(_file);
    }

    public DataDirectory Directory { get; }

    public string GetOrAddParameter(string name, Func<string> create)
    {
        lock (_gate)
        {
            if (_state.Parameters.TryGetValue(name, out var value)) return value;
            value = create();
            _state.Parameters[name] = value;
            Save();
            return value;
        }
    }

    /// <summary>The port of an endpoint: the one of the last start if <paramref name="isFree"/> says it can be had, else a new one.</summary>
    public int GetOrAddPort(string endpoint, Func<int, bool> isFree, Func<int> choose)
    {
        lock (_gate)
        {
            if (_state.Ports.TryGetValue(endpoint, out var port) && isFree(port)) return port;
            port = choose();
            while (_state.Ports.ContainsValue(port)) port = choose();
            _state.Ports[endpoint] = port;
            Save();
            return port;
        }
    }

    private static StateFile Read(string file)
    {
        if (!File.Exists(file)) return new();
        try
        {
            return JsonSerializer.Deserialize<StateFile>(File.ReadAllBytes(file), Json) ?? new();
        }
        catch (JsonException exception)
        {
            throw new AppHostException(
                ExitReason.Failed, $"{file} is damaged; it holds the stores' passwords. Restore it, or start afresh with './platform reset'.", exception);
        }
    }

    // Written beside and renamed, so that a crash leaves the old file or the new one.
    private void Save()
    {
        var temporary = _file + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(stream, _state, Json);
        }

        File.Move(temporary, _file, overwrite: true);
    }

    private sealed record StateFile
    {
        public Dictionary<string, int> Ports { get; init; } = [];

        public Dictionary<string, string> Parameters { get; init; } = [];
    }
}
