using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Local.Stores;

/// <summary>Makes files and directories that belong to a store's account and that nobody else can read.</summary>
internal static class StoreFiles
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task CreateDirectoryAsync(string path, string? user, CancellationToken cancellationToken)
    {
        string[] owner = user is null ? [] : ["-o", user, "-g", await GroupOfAsync(user, cancellationToken)];
        await Command.RunAsync("install", ["-d", "-m", "700", .. owner, path], cancellationToken);
    }

    public static async Task WriteAsync(string path, string content, string? user, CancellationToken cancellationToken)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        await using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Private,
        }))
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(content.AsMemory(), cancellationToken);
        }

        if (user is not null) await Command.RunAsync("chown", [$"{user}:", temporary], cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private static async Task<string> GroupOfAsync(string user, CancellationToken cancellationToken)
    {
        var account = (await File.ReadAllLinesAsync("/etc/passwd", cancellationToken))
            .Select(line => line.Split(':'))
            .First(fields => fields[0] == user);
        return account[3];
    }
}
