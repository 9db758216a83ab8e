namespace Platform.Api.Common.Errors;

/// <summary>The body of every answer that is not a success.</summary>
internal sealed record ErrorResponse(ErrorContentResponse Error);

/// <param name="Code">For programs, for example <c>DEPLOYMENT_NOT_FOUND</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="StatusCode">The HTTP status again, for clients that keep only the body.</param>
/// <param name="Details">More for programs; with <c>VALIDATION_ERROR</c> the messages of each field. Empty when there is nothing to add.</param>
internal sealed record ErrorContentResponse(string Code, string Message, int StatusCode, IReadOnlyDictionary<string, object?> Details);
