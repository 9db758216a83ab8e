using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.OAuth;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

internal static class GitHubAppApi
{
    public const string Path = "/api/github/app";
    private const string FrontendPage = "/onboarding";

    private static readonly ErrorResult NotConfigured = ApiErrors.NotFound("GITHUB_APP_NOT_CONFIGURED", "This installation has no GitHub App.");

    public static IEndpointRouteBuilder MapGitHubApp(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).WithTags("GitHub");
        group.MapGet("/install", Install).RequireAuthorization()
            .WithName("installGitHubApp").WithSummary("Sends the browser to GitHub to install the App.")
            .Produces(StatusCodes.Status302Found).ProducesError(StatusCodes.Status404NotFound, StatusCodes.Status422UnprocessableEntity);
        // Who comes back is told by the state: the access cookie may have run out meanwhile.
        group.MapGet("/callback", FinishAsync).AllowAnonymous()
            .WithName("finishGitHubAppInstallation").WithSummary("Where GitHub sends the browser back to; goes on to the front end.")
            .Produces(StatusCodes.Status302Found).ProducesError(StatusCodes.Status404NotFound);
        return routes;
    }

    private static IResult Install(
        string? returnUrl, CurrentUser caller, ReturnAddresses addresses, InstallationState states, IOptions<GitHubAppOptions> options, HttpResponse response)
    {
        if (!options.Value.IsConfigured) return NotConfigured;
        if (addresses.Find(returnUrl, FrontendPage) is not { } target) return ApiErrors.Invalid("returnUrl", "Must be a page of the front end.");
        var state = states.Begin(caller, target, response);
        var page = new Uri(options.Value.WebUrl, $"apps/{Uri.EscapeDataString(options.Value.Slug!)}/installations/new");
        return Results.Redirect(QueryHelpers.AddQueryString(page.AbsoluteUri, "state", state));
    }

    private static async Task<IResult> FinishAsync(
        [FromQuery(Name = "installation_id")] string? installationId,
        [FromQuery(Name = "setup_action")] string? setupAction,
        string? state,
        string? code,
        InstallationState states,
        InstallationService installations,
        ActiveSessions sessions,
        ReturnAddresses addresses,
        IOptions<GitHubAppOptions> options,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured) return NotConfigured;
        if (states.End(state, context) is not { } begin || !await sessions.IsActiveAsync(begin.SessionId, cancellationToken))
            return Results.Redirect(ReturnAddresses.With(addresses.Find(null, FrontendPage)!, "error", GitHubAppErrors.StateInvalid));
        if (setupAction == "request") return Results.Redirect(ReturnAddresses.With(begin.ReturnUrl, "notice", "GITHUB_APP_REQUESTED"));
        // Text, so that nonsense ends at a page and not at an error of the Api.
        if (!long.TryParse(installationId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id <= 0)
            return Results.Redirect(ReturnAddresses.With(begin.ReturnUrl, "error", GitHubAppErrors.NotFound));

        var error = await installations.ConnectAsync(begin.UserId, id, code, cancellationToken);
        return Results.Redirect(error is null
            ? ReturnAddresses.With(begin.ReturnUrl, "github", "installed")
            : ReturnAddresses.With(begin.ReturnUrl, "error", error));
    }
}
