using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Api.Common.Errors;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

/// <summary>Takes archives from requests into the store, as they come: nothing is held in memory.</summary>
internal sealed class SourceUploads(ISourceArchives archives, IOptions<SourceOptions> options)
{
    public const string Multipart = "multipart/form-data";

    // What stands around the file in a form.
    private const int FormOverhead = 64 * 1024;
    private const int MaxBoundary = 100;

    public static readonly string[] Types = [Multipart, "application/zip", "application/gzip", "application/x-gzip", "application/x-gtar", "application/octet-stream"];

    public static long MaxBodyBytes(IServiceProvider services) =>
        services.GetRequiredService<IOptions<SourceOptions>>().Value.MaxArchiveBytes + FormOverhead;

    /// <returns>The archive's id, or why it was not taken.</returns>
    public async Task<(Guid? Id, ErrorResult? Refusal)> TakeAsync(Guid owner, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await archives.GetSizeAsync(owner, cancellationToken) + (request.ContentLength ?? 0) > options.Value.MaxOwnerArchiveBytes)
            return (null, DeploymentErrors.ArchiveQuota);
        try
        {
            if (await FindContentAsync(request, cancellationToken) is not { } content) return (null, ApiErrors.Invalid("file", "The form has no file."));
            return (await archives.PutAsync(owner, content, cancellationToken), null);
        }
        catch (SourceArchiveException exception)
        {
            return (null, ApiErrors.Invalid("file", exception.Message));
        }
        catch (InvalidDataException)
        {
            return (null, ApiErrors.Invalid("file", "The form cannot be read."));
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested && IsCutOff(exception))
        {
            return (null, ApiErrors.Invalid("file", "The form ends in the middle."));
        }
    }

    // The reader of forms says so by this message only; a full disk is another matter.
    private static bool IsCutOff(IOException exception) => exception.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal);

    private static async Task<Stream?> FindContentAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase)) return request.Body;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundary) return null;
        var reader = new MultipartReader(boundary, request.Body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.GetContentDispositionHeader()?.IsFileDisposition() == true) return section.Body;
        }

        return null;
    }
}

/// <summary>Forgets uploads that are too old to be deployed again.</summary>
internal sealed partial class SourceArchiveSweeper(
    ISourceArchives archives, IOptions<SourceOptions> options, TimeProvider time, ILogger<SourceArchiveSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var count = await archives.DeleteOlderAsync(time.GetUtcNow() - options.Value.KeepArchives, stoppingToken);
                if (count > 0) Log.Deleted(logger, count);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6310, LogLevel.Information, "Deleted {Count} old uploads")]
        public static partial void Deleted(ILogger logger, int count);

        [LoggerMessage(6311, LogLevel.Warning, "Old uploads cannot be deleted")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
