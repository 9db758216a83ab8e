using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

/// <summary>Takes archives from requests into the store, as they come: nothing but settings is held in memory.</summary>
internal sealed class SourceUploads(ISourceArchives archives, IOptions<SourceOptions> options, IValidator<UploadQuery> validator)
{
    public static readonly string[] Types = [UploadForm.Type, "application/zip", "application/gzip", "application/x-gzip", "application/x-gtar", "application/octet-stream"];

    public static long MaxBodyBytes(IServiceProvider services) =>
        services.GetRequiredService<IOptions<SourceOptions>>().Value.MaxArchiveBytes + UploadForm.MaxFieldBytes;

    /// <summary>Reads what comes before the archive.</summary>
    public async Task<(SourceUpload? Upload, ErrorResult? Refusal)> OpenAsync(UploadQuery query, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!UploadForm.Is(request)) return (new SourceUpload(new UploadSettings(query, null), null, request.Body), null);
        SourceUpload? upload = null;
        var refusal = await ReadAsync(
            async () =>
            {
                var form = UploadForm.Open(request);
                var file = await form.NextFileAsync(cancellationToken);
                var (settings, problems) = UploadSettings.Read(query, form.Fields, validator);
                if (settings is null) return ApiErrors.Invalid(problems!);
                upload = new SourceUpload(settings, form, file);
                return null;
            },
            cancellationToken);
        return (upload, refusal);
    }

    /// <returns>The archive's id and the settings with what came behind the archive, or why it was not taken.</returns>
    public async Task<(Guid? Id, UploadSettings Settings, ErrorResult? Refusal)> TakeAsync(
        Guid owner, SourceUpload upload, long? length, CancellationToken cancellationToken)
    {
        if (await archives.GetSizeAsync(owner, cancellationToken) + (length ?? 0) > options.Value.MaxOwnerArchiveBytes)
            return (null, upload.Settings, DeploymentErrors.ArchiveQuota);
        if (upload.Content is not { } content) return (null, upload.Settings, ApiErrors.Invalid("file", "The form has no file."));
        var (id, settings) = ((Guid?)null, upload.Settings);
        var refusal = await ReadAsync(
            async () =>
            {
                id = await archives.PutAsync(owner, content, cancellationToken);
                // Counted with all that came meanwhile: many at once are no way around the limit.
                if (await archives.GetSizeAsync(owner, cancellationToken) > options.Value.MaxOwnerArchiveBytes) return DeploymentErrors.ArchiveQuota;
                if (upload.Form is not { } form) return null;
                (settings, var problem) = await ReadRestAsync(form, upload.Settings, cancellationToken);
                return problem;
            },
            cancellationToken);
        if (refusal is null) return (id, settings, null);
        if (id is { } stored) await archives.DeleteAsync(owner, stored, CancellationToken.None);
        return (null, upload.Settings, refusal);
    }

    private async Task<(UploadSettings Settings, ErrorResult? Refusal)> ReadRestAsync(UploadForm form, UploadSettings before, CancellationToken cancellationToken)
    {
        if (await form.NextFileAsync(cancellationToken) is not null) return (before, ApiErrors.Invalid("file", "The form has more than one file."));
        var (settings, problems) = UploadSettings.Read(before.Query, form.Fields, validator);
        if (settings is null) return (before, ApiErrors.Invalid(problems!));
        // Who may upload was decided before the archive was taken.
        if (settings.Query.Project != before.Query.Project) return (before, ApiErrors.Invalid("project", "The project stands before the file."));
        return settings.Query.Owner != before.Query.Owner ? (before, ApiErrors.Invalid("owner", "The owner stands before the file.")) : (settings, null);
    }

    private static async Task<ErrorResult?> ReadAsync(Func<Task<ErrorResult?>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (SourceArchiveException exception)
        {
            return ApiErrors.Invalid("file", exception.Message);
        }
        catch (InvalidDataException)
        {
            return ApiErrors.Invalid("file", "The form cannot be read.");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested && IsCutOff(exception))
        {
            return ApiErrors.Invalid("file", "The form ends in the middle.");
        }
    }

    // The reader of forms says so by this message only; a full disk is another matter.
    private static bool IsCutOff(IOException exception) => exception.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal);
}

/// <summary>An upload whose archive has not been read yet.</summary>
/// <param name="Settings">What is known of it so far.</param>
/// <param name="Form">The form that it comes in; null: the body is the archive.</param>
/// <param name="Content">The archive; null: the form has none.</param>
internal sealed record SourceUpload(UploadSettings Settings, UploadForm? Form, Stream? Content);

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
