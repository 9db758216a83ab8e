namespace Platform.Api.Common.Errors;

/// <summary>An expected refusal from deep inside; handlers return <see cref="ErrorResult"/> instead.</summary>
internal sealed class ApiException(int statusCode, string code, string message, IReadOnlyDictionary<string, object?>? details = null)
    : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    public string Code { get; } = code;

    public IReadOnlyDictionary<string, object?>? Details { get; } = details;
}
