using System.Buffers.Binary;
using System.Text;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Encodes and decodes the frames that <c>images/supervisor/PROTOCOL.md</c> describes.</summary>
internal static class SupervisorProtocol
{
    /// <summary>What this worker speaks; a supervisor tells the range that it understands.</summary>
    public const byte Version = 2;
    public const int HeaderSize = 5;
    public const int MaxPayload = 256 * 1024;

    private const int FilePiece = 192 * 1024;
    private const byte AppendFlag = 1;
    private const byte StdinFlag = 1;
    private const byte TerminalFlag = 2;
    private const int CommandSize = 33;
    private const int CellsSize = 4;
    private const int ExitSize = 56;

    /// <summary>Whether a supervisor that became ready with this payload understands <see cref="Version"/>.</summary>
    public static bool IsUnderstood(ReadOnlySpan<byte> ready) => ready.Length > 0 && ready[0] <= Version && Version <= ready[^1];

    /// <summary>The frames that write a file; a long one takes several.</summary>
    public static IEnumerable<byte[]> File(string path, ReadOnlyMemory<byte> content)
    {
        var name = Encoding.UTF8.GetBytes(path);
        for (var at = 0; at == 0 || at < content.Length; at += FilePiece)
        {
            var piece = content.Slice(at, Math.Min(FilePiece, content.Length - at));
            var frame = Frame('F', 1 + name.Length + 1 + piece.Length);
            frame[HeaderSize] = at == 0 ? (byte)0 : AppendFlag;
            name.CopyTo(frame, HeaderSize + 1);
            piece.CopyTo(frame.AsMemory(HeaderSize + 1 + name.Length + 1));
            yield return frame;
        }
    }

    public static byte[] Command(SandboxCommand command)
    {
        var strings = command.Arguments.Concat(command.Environment.Select(pair => $"{pair.Key}={pair.Value}"))
            .Select(Encoding.UTF8.GetBytes).ToArray();
        var fixedSize = CommandSize + (command.Terminal is null ? 0 : CellsSize);
        var frame = Frame('C', fixedSize + strings.Sum(text => text.Length + 1));
        var at = frame.AsSpan(HeaderSize);
        at[0] = (byte)((command.WithStdin ? StdinFlag : 0) | (command.Terminal is null ? 0 : TerminalFlag));
        BinaryPrimitives.WriteUInt32BigEndian(at[1..], (uint)command.WallTime.TotalMilliseconds);
        BinaryPrimitives.WriteUInt32BigEndian(at[5..], (uint)command.CpuTime.TotalMilliseconds);
        BinaryPrimitives.WriteUInt32BigEndian(at[9..], (uint)command.OutputBytes);
        BinaryPrimitives.WriteUInt32BigEndian(at[13..], (uint)command.OutputBytes);
        BinaryPrimitives.WriteUInt64BigEndian(at[17..], (ulong)command.FileBytes);
        BinaryPrimitives.WriteUInt32BigEndian(at[25..], (uint)command.OpenFiles);
        BinaryPrimitives.WriteUInt16BigEndian(at[29..], checked((ushort)command.Arguments.Count));
        BinaryPrimitives.WriteUInt16BigEndian(at[31..], checked((ushort)command.Environment.Count));
        if (command.Terminal is { } size) WriteSize(at[CommandSize..], size);
        at = at[fixedSize..];
        foreach (var text in strings)
        {
            text.CopyTo(at);
            at = at[(text.Length + 1)..];
        }

        return frame;
    }

    public static byte[] Stdin(ReadOnlySpan<byte> data)
    {
        var frame = Frame('I', data.Length);
        data.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    public static byte[] StdinEnd() => Frame('E', 0);

    public static byte[] Signal(byte number)
    {
        var frame = Frame('K', 1);
        frame[HeaderSize] = number;
        return frame;
    }

    public static byte[] Resize(TerminalSize size)
    {
        var frame = Frame('Z', CellsSize);
        WriteSize(frame.AsSpan(HeaderSize), size);
        return frame;
    }

    /// <summary>What the writable places hold now is there again after each <see cref="Clean"/>.</summary>
    public static byte[] Remember() => Frame('S', 0);

    public static byte[] Clean() => Frame('D', 0);

    /// <exception cref="SandboxException">The frame is not one of an exit.</exception>
    public static SandboxExit Exit(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != ExitSize) throw new SandboxException("The supervisor sent an exit frame of the wrong length.");
        return new SandboxExit
        {
            How = (SandboxExitKind)payload[0],
            Code = payload[1],
            Error = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]),
            Flags = (SandboxExitFlags)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            WallTime = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt64BigEndian(payload[8..])),
            CpuTime = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt64BigEndian(payload[16..])),
            MemoryBytes = (long)BinaryPrimitives.ReadUInt64BigEndian(payload[24..]),
            OutOfMemoryKills = (long)BinaryPrimitives.ReadUInt64BigEndian(payload[32..]),
        };
    }

    private static void WriteSize(Span<byte> at, TerminalSize size)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, Cells(size.Columns));
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], Cells(size.Rows));
    }

    private static ushort Cells(int count) => (ushort)Math.Clamp(count, 1, ushort.MaxValue);

    private static byte[] Frame(char type, int length)
    {
        if (length > MaxPayload) throw new SandboxException($"A frame of {length} bytes is more than a supervisor takes.");
        var frame = new byte[HeaderSize + length];
        frame[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        return frame;
    }
}
