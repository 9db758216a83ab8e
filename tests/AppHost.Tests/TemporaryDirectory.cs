namespace Platform.AppHost.Tests;

/// <summary>A directory of the test's own, which goes with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    // Not below a directory of mode 0700: the stores' accounts must be able to enter it.
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("apphost-tests-");

    public string Path => _directory.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
