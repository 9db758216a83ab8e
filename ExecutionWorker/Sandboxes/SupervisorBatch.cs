using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Frames that go to a supervisor in one piece.</summary>
internal sealed class SupervisorBatch : IDisposable
{
    private readonly MemoryStream _frames = new();

    /// <summary>What was added; valid until more is.</summary>
    public ReadOnlyMemory<byte> Frames => _frames.GetBuffer().AsMemory(0, (int)_frames.Length);

    public SupervisorBatch Add(byte[] frame)
    {
        _frames.Write(frame);
        return this;
    }

    public SupervisorBatch Add(IEnumerable<RunFile> files)
    {
        foreach (var frame in files.SelectMany(file => SupervisorProtocol.File(file.Path, file.Content))) _frames.Write(frame);
        return this;
    }

    public void Dispose() => _frames.Dispose();
}
