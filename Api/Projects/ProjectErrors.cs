using Platform.Api.Common.Errors;

namespace Platform.Api.Projects;

internal static class ProjectErrors
{
    public static ErrorResult Exists { get; } = ApiErrors.Conflict("PROJECT_EXISTS", "There is already a project of this repository and directory.");

    public static ErrorResult SlugTaken { get; } = ApiErrors.Conflict("SLUG_TAKEN", "Another project has this host name.");

    public static ErrorResult NothingToRollBack { get; } =
        ApiErrors.Conflict("NOTHING_TO_ROLL_BACK", "There is no such successful deployment that still has its files.");

    public static ErrorResult ProductionMoved { get; } = ApiErrors.Conflict("PRODUCTION_MOVED", "Production shows another deployment by now. Look at it first.");

    public static ErrorResult DomainExists { get; } = ApiErrors.Conflict("DOMAIN_EXISTS", "The project has this domain already.");

    public static ErrorResult TooManyDomains { get; } = ApiErrors.Conflict("TOO_MANY_DOMAINS", "The project has as many domains as it may have.");

    public static ErrorResult DomainNotVerified { get; } = ApiErrors.Conflict("DOMAIN_NOT_VERIFIED", "Only a verified domain can be the site's address.");

    public static ErrorResult DomainNotFound(Guid id) => ApiErrors.NotFound("DOMAIN_NOT_FOUND", $"Domain with ID '{id}' not found");
}
