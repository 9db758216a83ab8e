using Platform.Api.Common.Errors;

namespace Platform.Api.Snippets;

internal static class SnippetErrors
{
    public const string NotFoundCode = "SNIPPET_NOT_FOUND";

    public static ErrorResult NotFound() => ApiErrors.NotFound(NotFoundCode, "There is no such snippet, or it is not yours to see.");

    public static ErrorResult RevisionNotFound() => ApiErrors.NotFound("REVISION_NOT_FOUND", "This version of the snippet is not kept.");

    public static ErrorResult Changed(long version) => new(
        StatusCodes.Status409Conflict,
        "SNIPPET_CHANGED",
        "Somebody else changed this snippet meanwhile. Load it again.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["version"] = version });

    public static ErrorResult LanguageGone(string language) => ApiErrors.Conflict("LANGUAGE_NOT_OFFERED", $"'{language}' is not run here any more.");

    public static ErrorResult TooMany(int limit) => ApiErrors.Conflict("SNIPPET_LIMIT", $"An owner can keep {limit} snippets. Delete some first.");
}
