using System.Net;
using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Validation;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

internal sealed partial class CreateDeploymentRequestValidator : AbstractValidator<CreateDeploymentRequest>
{
    internal const int MaxCommandLength = 2000;
    internal const string NodeVersionRule = "Give a Node version such as 22, 22.x or >=20.";

    public CreateDeploymentRequestValidator(IOptions<SourceOptions> sources)
    {
        RuleFor(request => request.Repository).Custom((repository, context) =>
        {
            if (FindProblem(repository, sources.Value) is { } problem) context.AddFailure(problem);
        });
        RuleFor(request => request.Branch)
            .NotEmpty().WithMessage("Choose a branch.")
            .Must(branch => string.IsNullOrEmpty(branch) || BranchName.IsValid(branch)).WithMessage("This is not a name that Git accepts for a branch.");
        RuleFor(request => request.RootDir).Must(IsInside).WithMessage("Give a directory inside the repository, such as apps/web.");
        RuleFor(request => request.OutputDir).Must(IsInside).WithMessage("Give a directory inside the repository, such as dist.");
        RuleFor(request => request.InstallCommand).Must(IsCommand).WithMessage($"A command is one line of up to {MaxCommandLength} characters.");
        RuleFor(request => request.BuildCommand).Must(IsCommand).WithMessage($"A command is one line of up to {MaxCommandLength} characters.");
        RuleFor(request => request.NodeVersion).Must(IsNodeVersion).WithMessage(NodeVersionRule);
        RuleFor(request => request.EnvVars).Custom((variables, context) =>
        {
            if (!BuildVariables.TryParse(variables, out _, out var problem)) context.AddFailure(problem);
        });
    }

    internal static string? FindProblem(string? repository, SourceOptions options)
    {
        // Looked up in the connected account when the request is handled.
        if (RepositorySource.IsGitHubName(repository)) return null;
        if (!RepositorySource.TryParse(repository, options.AllowFiles == true, out var source, out var problem)) return problem;
        if (source.Kind == RepositoryKind.Sample && !Directory.Exists(Path.Combine(options.SamplesPath, source.Name))) return "There is no sample of this name.";
        return source.Kind == RepositoryKind.Git && options.AllowPrivateHosts != true && IsPrivate(source.Address!)
            ? "The address of the repository must be reachable from the internet."
            : null;
    }

    // Names are resolved, checked and pinned where they are asked: in the worker. Here only what can be said at once.
    private static bool IsPrivate(Uri address)
    {
        if (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip)) return !PublicAddress.IsPublic(ip);
        var host = address.IdnHost.TrimEnd('.');
        return !host.Contains('.', StringComparison.Ordinal)
            || host.EndsWith(".localhost", StringComparison.Ordinal) || host.EndsWith(".local", StringComparison.Ordinal) || host.EndsWith(".internal", StringComparison.Ordinal);
    }

    internal static bool IsInside(string? path) => RelativePath.TryNormalize(path, out _);

    internal static bool IsCommand(string? command) => command is null || (command.Length <= MaxCommandLength && !command.Any(char.IsControl));

    internal static bool IsNodeVersion(string? version) => string.IsNullOrWhiteSpace(version) || VersionRange().IsMatch(version.Trim());

    [GeneratedRegex(@"^[0-9A-Za-z.*^~<>=|\- /]{1,50}$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionRange();
}

internal sealed class DeploymentListQueryValidator : AbstractValidator<DeploymentListQuery>
{
    public const string AllStatuses = "all";

    public DeploymentListQueryValidator()
    {
        RuleFor(query => query.Search).MaximumLength(200).SingleLine();
        RuleFor(query => query.Status)
            .Must(status => string.IsNullOrEmpty(status) || status == AllStatuses || DeploymentStatus.All.Contains(status))
            .WithMessage($"Must be {AllStatuses} or one of {string.Join(", ", DeploymentStatus.All)}.");
        RuleFor(query => query.Branch).MaximumLength(BranchName.MaxLength).SingleLine();
        RuleFor(query => query.Environment)
            .Must(environment => string.IsNullOrEmpty(environment) || DeploymentTrust.All.Contains(environment)).WithMessage($"Must be one of {string.Join(", ", DeploymentTrust.All)}.");
        RuleFor(query => query.Cursor).TimeCursor();
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

internal sealed class LogQueryValidator : AbstractValidator<LogQuery>
{
    public const int DefaultLimit = 1000;
    public const int MaxLimit = 5000;

    public LogQueryValidator()
    {
        RuleFor(query => query.After).GreaterThanOrEqualTo(0);
        RuleFor(query => query.Limit).InclusiveBetween(1, MaxLimit);
    }
}

internal sealed class UploadQueryValidator : AbstractValidator<UploadQuery>
{
    private const int MaxName = 100;

    public UploadQueryValidator()
    {
        RuleFor(query => query.Name).MaximumLength(MaxName).SingleLine();
        RuleFor(query => query.RootDir).Must(CreateDeploymentRequestValidator.IsInside).WithMessage("Give a directory inside the archive, such as apps/web.");
        RuleFor(query => query.OutputDir).Must(CreateDeploymentRequestValidator.IsInside).WithMessage("Give a directory inside the archive, such as dist.");
        RuleFor(query => query.InstallCommand).Must(CreateDeploymentRequestValidator.IsCommand).WithMessage("A command is one line of text.");
        RuleFor(query => query.BuildCommand).Must(CreateDeploymentRequestValidator.IsCommand).WithMessage("A command is one line of text.");
        RuleFor(query => query.NodeVersion).Must(CreateDeploymentRequestValidator.IsNodeVersion).WithMessage(CreateDeploymentRequestValidator.NodeVersionRule);
    }
}
