namespace Platform.Testing;

/// <summary>Where the stores of integration tests are.</summary>
public static class TestEnvironment
{
    /// <summary>Connection string of a PostgreSQL server on which databases may be created.</summary>
    public static string Postgres => Required("PLATFORM_TEST_POSTGRES");

    /// <summary>Address of a Redis server whose numbered databases may be flushed.</summary>
    public static string Redis => Required("PLATFORM_TEST_REDIS");

    private static string Required(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"{name} is not set. Run the tests by ./platform test, or start the test stores with: eval \"$(eng/platform/stores.sh test-up)\"");
}
