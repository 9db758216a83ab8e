using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Core.Containers;

/// <summary>
/// The name under which this process labels its containers. A lock on a file holds the name while the process lives, and the
/// kernel lets go of it however the process ends: so others can tell the living from the dead without a clock. The next process
/// takes over a dead one's slot, and a random part tells the two apart.
/// </summary>
public sealed class WorkerIdentity : IDisposable
{
    private const int MostSlots = 1000;

    private readonly string _directory;
    private readonly string _host;
    private readonly string _slot;
    private readonly FileStream _lock;

    public WorkerIdentity(IOptions<ContainerOptions> options)
        : this(options.Value, Assembly.GetEntryAssembly()?.GetName().Name ?? "worker")
    {
    }

    internal WorkerIdentity(ContainerOptions options, string role)
    {
        _directory = Path.Combine(options.LockDirectory ?? Path.Combine(Path.GetTempPath(), "platform-workers"), options.Platform);
        _host = Clean(Environment.MachineName);
        Directory.CreateDirectory(_directory);
        (_slot, _lock) = Claim(Clean(role));
        Name = _slot + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    }

    /// <summary>Value for <see cref="ContainerLabels.Worker"/>: <c>host/role/slot/random</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the process of that name is known to have ended. Names of other machines are never.</summary>
    public bool IsDead(string name)
    {
        if (name == Name || name.Split('/') is not [var host, var role, var slot, _] || host != _host) return false;
        if (name.StartsWith(_slot, StringComparison.Ordinal)) return true;
        if (Clean(role) != role || !int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;

        // Of a slot that is held it is up to the holder to say which names are its predecessors'.
        using var held = TryLock(PathOf(role, number));
        return held is not null;
    }

    /// <summary>Marks the lock as used: what tidies up temporary folders by age must not take a living process's.</summary>
    internal void Refresh(TimeProvider time) => File.SetLastWriteTimeUtc(_lock.SafeFileHandle, time.GetUtcNow().UtcDateTime);

    public void Dispose() => _lock.Dispose();

    private (string Slot, FileStream Lock) Claim(string role)
    {
        for (var slot = 0; slot < MostSlots; slot++)
        {
            if (TryLock(PathOf(role, slot)) is { } held) return (string.Create(CultureInfo.InvariantCulture, $"{_host}/{role}/{slot}/"), held);
        }

        throw new InvalidOperationException($"No free worker name in {_directory} (Containers:LockDirectory).");
    }

    private string PathOf(string role, int slot) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{role}-{slot}.lock"));

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            // Held by the process that has this name.
            return null;
        }
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text) clean.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '_');
        return clean.ToString();
    }
}
