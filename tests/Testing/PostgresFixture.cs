using Platform.Core.Data;

namespace Platform.Testing;

/// <summary>A database of its own for a test class, copied from a template that the migrations made once for this process.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private string? _name;

    /// <summary>Connection string of this class's database.</summary>
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _name = await TestDatabases.CreateMigratedAsync();
        ConnectionString = TestDatabases.ConnectionString(_name);
    }

    /// <summary>A context on the database, outside of any host.</summary>
    public PlatformDbContext CreateContext() => TestDatabases.CreateContext(ConnectionString);

    public async Task DisposeAsync()
    {
        if (_name is not null) await TestDatabases.DropAsync(_name);
    }
}
