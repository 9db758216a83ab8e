namespace Platform.BuildWorker.Publishing;

/// <summary>One file of a build's output, readable until the next one is asked for.</summary>
/// <param name="Path">Relative to the output directory, with forward slashes.</param>
/// <param name="Content">Its bytes; null for a link.</param>
/// <param name="LinkTarget">For a link: the path that it names, relative to the output directory; null when it leads out of it.</param>
internal readonly record struct OutputFile(string Path, Stream? Content, string? LinkTarget)
{
    public bool IsLink => Content is null;

    /// <summary>Bytes, as far as is known before they are read.</summary>
    public long Length => Content?.Length ?? 0;
}
