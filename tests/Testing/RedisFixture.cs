using System.Globalization;
using StackExchange.Redis;

namespace Platform.Testing;

/// <summary>One of the server's numbered databases, claimed for a test class and empty. Publish and subscribe know no databases: use names of your own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private const int Databases = 15;

    // A crash frees its claims by itself after this long; whoever lives renews them.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionMultiplexer? _connection;
    private Task _renewing = Task.CompletedTask;

    /// <summary>Connection string with the claimed database as the default one.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The claimed database.</summary>
    public int Database { get; private set; }

    public IConnectionMultiplexer Connection => _connection ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public async Task InitializeAsync()
    {
        var admin = await ConnectionMultiplexer.ConnectAsync($"{TestEnvironment.Redis},allowAdmin=true");
        Database = await Eventually.ValueAsync(() => ClaimAsync(admin), number => number > 0, TimeSpan.FromMinutes(5));
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"{TestEnvironment.Redis},defaultDatabase={Database},syncTimeout=60000");
        await FlushAsync(admin);
        await admin.CloseAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
        _renewing = RenewAsync(_connection.GetDatabase(0));
    }

    public async Task DisposeAsync()
    {
        _over.TrySetResult();
        await _renewing;
        if (_connection is null) return;
        await FlushAsync(_connection);
        await _connection.GetDatabase(0).KeyDeleteAsync(Key(Database));
        await _connection.CloseAsync();
        _connection.Dispose();
    }

    /// <summary>Removes everything from the claimed database.</summary>
    public Task ClearAsync() => FlushAsync(_connection ?? throw new InvalidOperationException("The fixture has not been initialised."));

    private async Task<int> ClaimAsync(ConnectionMultiplexer connection)
    {
        for (var number = 1; number <= Databases; number++)
        {
            if (await connection.GetDatabase(0).StringSetAsync(Key(number), _owner, Claim, When.NotExists)) return number;
        }

        return 0;
    }

    private async Task RenewAsync(IDatabase claims)
    {
        while (await Task.WhenAny(_over.Task, Task.Delay(Renewal)) != _over.Task)
        {
            try
            {
                await claims.KeyExpireAsync(Key(Database), Claim);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The next time will do.
            }
        }
    }

    private async Task FlushAsync(ConnectionMultiplexer connection) => await connection.GetDatabase(Database).ExecuteAsync("FLUSHDB");

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"platform:test:database:{number}");
}
