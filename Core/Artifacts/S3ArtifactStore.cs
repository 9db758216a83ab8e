using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Platform.Core.Artifacts;

/// <summary>Keeps content as objects of a bucket. An object appears complete or not at all; its time says when it was last put.</summary>
internal sealed class S3ArtifactStore(IAmazonS3 client, S3Options options, TimeProvider time) : IArtifactStore, IDisposable
{
    private const int BufferSize = 128 * 1024;

    // Making an object young again costs a request; one put within this time is young enough for any publication.
    private static readonly TimeSpan YoungFor = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task<string> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        // The key is known only at the end of the content, and a request needs its length first.
        await using var spooled = Spool();
        var key = await CopyAsync(content, spooled, cancellationToken);
        await StoreAsync(key, spooled, cancellationToken);
        return key;
    }

    /// <inheritdoc />
    public async Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        ArtifactKey.Require(key);
        await using var spooled = Spool();
        await CopyAsync(content, spooled, cancellationToken);
        await StoreAsync(key, spooled, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ArtifactInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = NameOf(key) }, cancellationToken);
            return new ArtifactInfo(key, found.ContentLength, Utc(found.LastModified));
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string key, long offset = 0, CancellationToken cancellationToken = default)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = options.Bucket, Key = NameOf(key) };
            if (offset > 0) request.ByteRange = new ByteRange(offset, long.MaxValue);
            var found = await client.GetObjectAsync(request, cancellationToken);
            return found.ResponseStream;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ArtifactInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix };
        do
        {
            var page = await client.ListObjectsV2Async(request, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                var key = found.Key[options.Prefix.Length..];
                if (ArtifactKey.IsValid(key)) yield return new ArtifactInfo(key, found.Size ?? 0, Utc(found.LastModified));
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string key, DateTimeOffset before, CancellationToken cancellationToken)
    {
        // S3 cannot look and delete in one step; the gate keeps publications out meanwhile.
        if (await FindAsync(key, cancellationToken) is not { } found || found.LastPut >= before) return false;
        await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = NameOf(key) }, cancellationToken);
        return true;
    }

    public void Dispose() => client.Dispose();

    private async Task StoreAsync(string key, FileStream content, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is { } found && (found.LastPut > time.GetUtcNow() - YoungFor || await TryTouchAsync(key, cancellationToken))) return;
        content.Position = 0;
        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = NameOf(key),
            InputStream = content,
            AutoCloseStream = false,
            // A body in signed chunks is Amazon's own; one signature over all of it is understood everywhere.
            UseChunkEncoding = false,
            ContentType = "application/octet-stream",
        };
        await client.PutObjectAsync(request, cancellationToken);
    }

    /// <summary>Copies an object onto itself, which is the only way to change its time. False when it is gone.</summary>
    private async Task<bool> TryTouchAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CopyObjectRequest
            {
                SourceBucket = options.Bucket,
                SourceKey = NameOf(key),
                DestinationBucket = options.Bucket,
                DestinationKey = NameOf(key),
                MetadataDirective = S3MetadataDirective.REPLACE,
                ContentType = "application/octet-stream",
            };
            await client.CopyObjectAsync(request, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private string NameOf(string key)
    {
        ArtifactKey.Require(key);
        return options.Prefix + key;
    }

    private static FileStream Spool() => new(
        Path.Combine(Path.GetTempPath(), $"artifact-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    private static async Task<string> CopyAsync(Stream content, FileStream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DateTimeOffset Utc(DateTime? value) => value is { } time ? new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero) : DateTimeOffset.MinValue;
}
