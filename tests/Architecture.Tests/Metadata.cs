using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Platform.Architecture.Tests;

/// <summary>What an assembly refers to, read from its metadata without loading it.</summary>
internal sealed class Metadata : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    private Metadata(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    public static Metadata Of(string project) => new(Path.Combine(AppContext.BaseDirectory, $"Platform.{project}.dll"));

    public IReadOnlyList<string> ReferencedAssemblies =>
        [.. _reader.AssemblyReferences.Select(handle => _reader.GetString(_reader.GetAssemblyReference(handle).Name))];

    public IReadOnlyList<string> ReferencedNamespaces =>
        [.. _reader.TypeReferences.Select(handle => _reader.GetString(_reader.GetTypeReference(handle).Namespace)).Distinct()];

    public void Dispose() => _file.Dispose();
}
