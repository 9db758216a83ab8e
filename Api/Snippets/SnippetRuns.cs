using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Execution;
using Platform.Api.Snippets.Documents;

namespace Platform.Api.Snippets;

/// <summary>Runs snippets as they are kept.</summary>
internal static class SnippetRuns
{
    public static async Task<Results<Ok<ExecuteResponse>, ErrorResult>> RunAsync(
        Guid id, RunSnippetRequest? request, RunCaller caller, SnippetAccess access, ExecuteServices services, HttpContext context, CancellationToken cancellationToken)
    {
        // Whoever may see it may run it: the run is the caller's.
        var (snippet, refusal) = await access.FindAsync(id, caller.User, AccessAction.Read, cancellationToken);
        if (refusal is not null) return refusal;
        // To run what not everybody may see is to read it.
        if (snippet!.Visibility != SnippetVisibility.Public && caller.User?.Token is { } token && token.RefuseWithout(ApiScopes.SnippetsRead) is { } insufficient) return insufficient;
        return await RunAsync(snippet, request, caller, services, context, cancellationToken);
    }

    public static async Task<Results<Ok<ExecuteResponse>, ErrorResult>> RunSharedAsync(
        string shareId, RunSnippetRequest? request, RunCaller caller, SnippetAccess access, ExecuteServices services, HttpContext context, CancellationToken cancellationToken) =>
        await access.FindSharedAsync(shareId, cancellationToken) is { } snippet
            ? await RunAsync(snippet, request, caller, services, context, cancellationToken)
            : SnippetErrors.NotFound();

    private static async Task<Results<Ok<ExecuteResponse>, ErrorResult>> RunAsync(
        Snippet snippet, RunSnippetRequest? request, RunCaller caller, ExecuteServices services, HttpContext context, CancellationToken cancellationToken)
    {
        if (!caller.MayRun(services.Options)) return ExecutionErrors.SignIn();
        // The installation may offer fewer languages than when the snippet was made.
        if (!services.Offers(snippet.Language)) return SnippetErrors.LanguageGone(snippet.Language);
        var work = new ExecuteRequest(
            snippet.Language,
            Stdin: request?.Stdin ?? snippet.Stdin,
            Args: request?.Args ?? snippet.Arguments,
            Files: [.. snippet.Files.Select(file => new ExecuteFileRequest(file.Name, file.Content))]);
        var ticket = new RunTicket { Owner = caller.Key, Patience = services.Options.Value.MaxWait };
        if (await services.Executions.ExecuteAsync(work, ticket, cancellationToken) is not { } outcome) return ExecutionErrors.TooBusy(context);
        if (outcome.Response is not { } response) return ExecutionErrors.Refused(outcome.Refusal!);
        if (caller.User is { } user) services.Recorder.Record(work, response, user);
        return TypedResults.Ok(response);
    }
}
