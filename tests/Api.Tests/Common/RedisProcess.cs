using System.Diagnostics;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Api.Tests.Common;

/// <summary>A Redis of a test's own, to be stopped, frozen and started again.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private int _port = FreePorts.Take();
    private Process? _process;
    private bool _hasStarted;

    public string ConnectionString => $"127.0.0.1:{_port},abortConnect=false,connectTimeout=500,syncTimeout=500";

    /// <summary>Starts it; the first time where nobody was quicker to take the port.</summary>
    public async Task StartAsync()
    {
        while (!await TryStartAsync())
        {
            await StopAsync();
            _hasStarted.ShouldBeFalse($"Somebody else has taken port {_port}.");
            _port = FreePorts.Take();
        }

        _hasStarted = true;
    }

    public async Task StopAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>It keeps its connections and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> TryStartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(async () =>
        {
            if (_process.HasExited) return true;
            try
            {
                await using var connection = new Connection(await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port},connectTimeout=500"));
                return connection.Redis.IsConnected;
            }
            catch (RedisException)
            {
                return false;
            }
        });
        return !_process.HasExited;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private sealed class Connection(ConnectionMultiplexer redis) : IAsyncDisposable
    {
        public ConnectionMultiplexer Redis => redis;

        public async ValueTask DisposeAsync()
        {
            await redis.CloseAsync();
            redis.Dispose();
        }
    }
}
