using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.BuildWorker.Builds;

/// <summary>What a file system has left. Asking costs a microsecond, whatever lies on it.</summary>
/// <param name="Bytes">For this process.</param>
/// <param name="Files">Files and directories; 0 on file systems that make room for them as they need it.</param>
internal readonly partial record struct FileSystemSpace(long Bytes, long Files)
{
    /// <exception cref="IOException">There is no such path.</exception>
    public static FileSystemSpace Of(string path)
    {
        if (Query(path, out var answer) != 0) throw new IOException($"The free space of {path} cannot be told: error {Marshal.GetLastPInvokeError()}.");
        return new FileSystemSpace((long)(answer.AvailableBlocks * answer.FragmentSize), (long)answer.AvailableFiles);
    }

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Query(string path, out Answer answer);

    /// <summary><c>struct statvfs</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Answer
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Files;
        public ulong FreeFiles;
        public ulong AvailableFiles;
        public Rest Others;
    }

    // Id, flags, longest name and spare room.
    [InlineArray(8)]
    private struct Rest
    {
        private ulong _first;
    }
}
