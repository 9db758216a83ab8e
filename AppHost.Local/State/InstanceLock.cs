using System.Globalization;

namespace Platform.AppHost.Local.State;

/// <summary>Keeps two app hosts from using one data directory; the operating system releases it however the holder ends.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _stream;

    private InstanceLock(FileStream stream) => _stream = stream;

    public static InstanceLock Take(DataDirectory directory)
    {
        var file = Path.Combine(directory.Own, "lock");
        FileStream stream;
        try
        {
            stream = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new AppHostException(
                ExitReason.AlreadyRunning, $"The platform already runs with the data in {directory.Root}: stop it with './platform down'.", exception);
        }

        stream.SetLength(0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        stream.Flush();
        return new(stream);
    }

    public void Dispose() => _stream.Dispose();
}
