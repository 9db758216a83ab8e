using System.Diagnostics;

namespace Platform.BuildWorker.Builds;

/// <summary>A directory of an ended build as a tar stream, made by the system's tar: it follows no links and does not open pipes.</summary>
internal sealed class OutputArchive : Stream
{
    private readonly Process _process;
    private readonly Stream _output;
    private readonly Task<string> _errors;

    private OutputArchive(Process process)
    {
        _process = process;
        _output = process.StandardOutput.BaseStream;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="app">The repository.</param>
    /// <param name="directory">The output in it; empty is the repository itself, without what was installed.</param>
    public static OutputArchive Open(string app, string directory)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.Combine(app, directory));
        List<string> arguments = ["-c", "-f", "-", "--format=pax", "--warning=no-file-ignored"];
        // Everything is somebody's output except what cannot be.
        if (path == Path.TrimEndingDirectorySeparator(app)) arguments.AddRange(["--exclude=node_modules", "--exclude=.git"]);
        return new OutputArchive(HostTool.Start("tar", [.. arguments, "-C", Path.GetDirectoryName(path)!, "--", $"./{Path.GetFileName(path)}"]));
    }

    public override int Read(byte[] buffer, int offset, int count) => Check(_output.Read(buffer, offset, count), count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _output.ReadAsync(buffer, cancellationToken);
        if (read > 0 || buffer.Length == 0) return read;
        await _process.WaitForExitAsync(cancellationToken);
        return Check(read, buffer.Length);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>An archive that ends too early must not pass for a whole one.</summary>
    private int Check(int read, int asked)
    {
        if (read > 0 || asked == 0) return read;
        _process.WaitForExit();
        return _process.ExitCode == 0 ? 0 : throw HostTool.Failed("tar", _process.ExitCode, _errors.GetAwaiter().GetResult());
    }
}
