using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Validation;
using Platform.Api.Deployments;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Projects;

/// <summary>The rules that new and changed projects share.</summary>
internal abstract class ProjectSettingsValidator<T> : AbstractValidator<T>
    where T : ProjectSettings
{
    private const int MaxName = 100;
    private const int MaxWatchPaths = 50;
    private const int MaxWatchPath = 255;

    protected ProjectSettingsValidator(IOptions<SourceOptions> sources)
    {
        RuleFor(request => request.Name).MaximumLength(MaxName).SingleLine();
        RuleFor(request => request.Repository).Custom((repository, context) =>
        {
            if (CreateDeploymentRequestValidator.FindProblem(repository, sources.Value) is { } problem) context.AddFailure(problem);
        });
        RuleFor(request => request.Branch)
            .NotEmpty().WithMessage("Choose a branch.")
            .Must(branch => string.IsNullOrEmpty(branch) || BranchName.IsValid(branch)).WithMessage("This is not a name that Git accepts for a branch.");
        RuleFor(request => request.RootDir).Must(CreateDeploymentRequestValidator.IsInside).WithMessage("Give a directory inside the repository, such as apps/web.");
        RuleFor(request => request.OutputDir).Must(CreateDeploymentRequestValidator.IsInside).WithMessage("Give a directory inside the repository, such as dist.");
        RuleFor(request => request.InstallCommand).Must(CreateDeploymentRequestValidator.IsCommand).WithMessage(CommandRule);
        RuleFor(request => request.BuildCommand).Must(CreateDeploymentRequestValidator.IsCommand).WithMessage(CommandRule);
        RuleFor(request => request.NodeVersion)
            .Must(CreateDeploymentRequestValidator.IsNodeVersion).WithMessage(CreateDeploymentRequestValidator.NodeVersionRule);
        RuleFor(request => request.WatchPaths)
            .Must(paths => paths is null || (paths.Count <= MaxWatchPaths && paths.All(IsGlob)))
            .WithMessage($"Give up to {MaxWatchPaths} globs inside the repository, such as apps/web/**, of up to {MaxWatchPath} characters.");
    }

    private static string CommandRule => $"A command is one line of up to {CreateDeploymentRequestValidator.MaxCommandLength} characters.";

    private static bool IsGlob(string? path) =>
        !string.IsNullOrWhiteSpace(path) && path.Length <= MaxWatchPath && !path.Any(char.IsControl) && !path.Split('/').Contains("..");
}

internal sealed class CreateProjectRequestValidator : ProjectSettingsValidator<CreateProjectRequest>
{
    public CreateProjectRequestValidator(IOptions<SourceOptions> sources)
        : base(sources) =>
        RuleFor(request => request.Slug)
            .Must(slug => string.IsNullOrEmpty(slug) || (slug.Length <= SiteAddresses.MaxSlugLength && ProjectSlug.From(slug) == slug && !ProjectSlug.IsReserved(slug)))
            .WithMessage($"Give up to {SiteAddresses.MaxSlugLength} lower-case letters, digits and single dashes; some names are reserved.");
}

internal sealed class UpdateProjectRequestValidator : ProjectSettingsValidator<UpdateProjectRequest>
{
    public UpdateProjectRequestValidator(IOptions<SourceOptions> sources)
        : base(sources)
    {
        RuleFor(request => request.Name).NotEmpty().WithMessage("Give the project a name.");
        When(request => request.Site is not null, () =>
        {
            RuleFor(request => request.Site!.Protection)
                .Must(protection => protection is not null && SiteProtection.All.Contains(protection)).WithMessage($"Must be one of {string.Join(", ", SiteProtection.All)}.");
            RuleFor(request => request.Site!.Password).Length(SiteSettingsService.MinPassword, SiteSettingsService.MaxPassword);
            RuleFor(request => request.Site!.KeepDeployments).InclusiveBetween(1, 100_000);
            RuleFor(request => request.Site!.KeepBytes).GreaterThanOrEqualTo(1);
            RuleFor(request => request.Site!.AssetHours).InclusiveBetween(0, SiteSettingsService.MaxAssetHours);
        });
    }
}

internal sealed class ProjectListQueryValidator : AbstractValidator<ProjectListQuery>
{
    public ProjectListQueryValidator()
    {
        RuleFor(query => query.Search).MaximumLength(200).SingleLine();
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

internal sealed class DeployProjectRequestValidator : AbstractValidator<DeployProjectRequest>
{
    public DeployProjectRequestValidator() =>
        RuleFor(request => request.Branch).Must(branch => branch is null || BranchName.IsValid(branch)).WithMessage("This is not a name that Git accepts for a branch.");
}

internal sealed class AddDomainRequestValidator : AbstractValidator<AddDomainRequest>
{
    public AddDomainRequestValidator() => RuleFor(request => request.Host).NotEmpty().WithMessage("Give a host name such as www.example.com.").MaximumLength(253);
}

internal sealed class TrafficQueryValidator : AbstractValidator<TrafficQuery>
{
    public const int DefaultHours = 24;
    public const int MaxHours = 24 * 90;

    public TrafficQueryValidator() => RuleFor(query => query.Hours).InclusiveBetween(1, MaxHours);
}
