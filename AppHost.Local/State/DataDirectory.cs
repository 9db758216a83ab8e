using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Platform.AppHost.Local.State;

/// <summary>Where the app host keeps what survives a restart.</summary>
internal sealed class DataDirectory(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traversable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const string OwnerFile = "data-directory";

    /// <summary>Holds everything else; ignored by git.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The app host's own files: ports, generated values, the lock.</summary>
    public string Own => Path.Combine(Root, "apphost");

    /// <summary>The link to the stores' data, where that lies elsewhere.</summary>
    public string StoresLink => Path.Combine(Root, "stores");

    /// <summary><c>DATA_DIR</c>, or <c>.data</c> beside the app host's project.</summary>
    public static string Resolve(IConfiguration configuration, string appHostDirectory) =>
        Path.GetFullPath(configuration["DATA_DIR"] is { Length: > 0 } configured ? configured : Path.Combine("..", ".data"), appHostDirectory);

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Own, OwnerOnly);
        File.SetUnixFileMode(Own, OwnerOnly);
    }

    /// <summary>
    /// Makes the directory of the stores' data. PostgreSQL refuses to run as root, and its own user cannot enter a checkout below a
    /// directory of mode 0700; so as root the data lies under <paramref name="systemDirectory"/>, with a link from the data directory.
    /// </summary>
    /// <returns>The directory itself, not the link.</returns>
    public string CreateStores(bool asRoot, string systemDirectory = "/var/lib/platform")
    {
        if (!asRoot) return Root;

        var target = Path.Combine(systemDirectory, Hash(Checkout));
        Directory.CreateDirectory(systemDirectory);
        AdoptMoved(target);
        Directory.CreateDirectory(target);
        File.SetUnixFileMode(target, Traversable);
        File.WriteAllText(Path.Combine(target, OwnerFile), Root + "\n");
        if (!string.Equals(Link(), target, StringComparison.Ordinal))
        {
            File.Delete(StoresLink);
            Directory.CreateSymbolicLink(StoresLink, target);
        }

        return target;
    }

    // The directory is named after the checkout, so that other tools find it by the checkout's path alone.
    private string Checkout => Path.GetFileName(Root) == ".data" ? Path.GetDirectoryName(Root)! : Root;

    private static string Hash(string path) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12].ToLower(CultureInfo.InvariantCulture);

    // A checkout that was moved takes its data along; one that was copied must not take the data of the original.
    private void AdoptMoved(string target)
    {
        var old = Link();
        if (old is null || Directory.Exists(target) || !Directory.Exists(old)) return;

        var ownerFile = Path.Combine(old, OwnerFile);
        if (File.Exists(ownerFile) && !Directory.Exists(File.ReadAllText(ownerFile).Trim())) Directory.Move(old, target);
    }

    private string? Link() => new FileInfo(StoresLink).LinkTarget;
}
