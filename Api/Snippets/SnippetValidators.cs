using System.Text;
using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Validation;
using Platform.Api.Execution;
using Platform.Api.Snippets.Documents;
using Platform.Core.Execution;

namespace Platform.Api.Snippets;

/// <summary>The rules that a new snippet and a change share.</summary>
internal static partial class SnippetRules
{
    public const int MaxTitle = 200;
    public const int MaxDescription = 2000;
    public const int MaxTags = 10;
    public const int MaxArguments = 256;

    // As a run takes them: each with the byte that ends it.
    private const int MaxArgumentBytes = 128 * 1024;

    public static IRuleBuilderOptions<T, string?> KnownLanguage<T>(this IRuleBuilder<T, string?> rule, LanguageCatalog catalog) =>
        rule.Must(name => name is null || catalog.Find(name) is not null).WithMessage("There is no such language; /api/execute/languages lists them.");

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> Tags<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(tags => tags is null || tags.Count <= MaxTags).WithMessage($"At most {MaxTags} tags.")
        .Must(tags => tags is null || tags.All(tag => tag is not null && Tag().IsMatch(tag)))
        .WithMessage("A tag has up to 30 letters, digits and the characters + # . - and begins with a letter or digit.");

    /// <summary>Text that can be stored and shown: PostgreSQL keeps no NUL.</summary>
    public static IRuleBuilderOptions<T, string?> PlainText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || !text.Contains('\0', StringComparison.Ordinal)).WithMessage("Must not contain a NUL character.");

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> Arguments<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(args => args is null || args.Count <= MaxArguments).WithMessage($"At most {MaxArguments} arguments.")
        .Must(args => args is null || args.All(arg => arg is not null && !arg.Contains('\0', StringComparison.Ordinal))).WithMessage("An argument is null or contains a NUL character.")
        .Must(args => args is null || args.Sum(arg => Encoding.UTF8.GetByteCount(arg ?? "") + 1L) <= MaxArgumentBytes).WithMessage($"The arguments are longer than {MaxArgumentBytes} bytes together.");

    /// <summary>Why the files are refused, by field; nothing when they are fine.</summary>
    public static IEnumerable<(string Field, string Message)> FindProblems(IReadOnlyList<SnippetFileRequest> files, SnippetOptions options)
    {
        if (files.Count == 0) yield return ("files", "There is no file.");
        if (files.Count > options.MaxFiles) yield return ("files", $"At most {options.MaxFiles} files.");
        for (var index = 0; index < files.Count; index++)
        {
            var (name, content) = (files[index]?.Name ?? "", files[index]?.Content);
            // They become files of a run as they are.
            if (FileNames.Refuse(name) is { } problem) yield return ($"files[{index}].name", problem);
            if (content is null) yield return ($"files[{index}].content", "There is no content.");
            else if (content.Contains('\0', StringComparison.Ordinal)) yield return ($"files[{index}].content", "Must not contain a NUL character.");
        }

        if (FileNames.RefuseTogether([.. files.Select(file => file?.Name ?? "")]) is { } together) yield return ("files", together);
        if (files.Sum(file => (long)Encoding.UTF8.GetByteCount(file?.Content ?? "")) > options.MaxBytes)
            yield return ("files", $"The files have more than {options.MaxBytes} bytes together.");
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd}+#.-]{0,29}$", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}

internal sealed class CreateSnippetRequestValidator : AbstractValidator<CreateSnippetRequest>
{
    public CreateSnippetRequestValidator(LanguageCatalog catalog, IOptions<SnippetOptions> options)
    {
        RuleFor(request => request.Title).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(SnippetRules.MaxTitle).SingleLine();
        RuleFor(request => request.Language).Cascade(CascadeMode.Stop).NotEmpty().KnownLanguage(catalog);
        RuleFor(request => request.Description).MaximumLength(SnippetRules.MaxDescription).PlainText();
        RuleFor(request => request.Tags).Tags();
        RuleFor(request => request.Stdin).PlainText()
            .Must(text => Encoding.UTF8.GetByteCount(text ?? "") <= options.Value.MaxBytes).WithMessage($"At most {options.Value.MaxBytes} bytes.");
        RuleFor(request => request.Args).Arguments();
        RuleFor(request => request).Custom((request, context) =>
        {
            if (request.Code is not null && request.Files is not null) context.AddFailure("code", "Give either code or files.");
            else if (request.Code is null && request.Files is null) context.AddFailure("code", "There is no code.");
            // The main file's name is the language's and needs no look.
            var files = request.Files ?? [new SnippetFileRequest("main", request.Code ?? "")];
            foreach (var (field, message) in SnippetRules.FindProblems(files, options.Value))
                context.AddFailure(request.Files is null ? "code" : field, message);
        });
    }
}

internal sealed class UpdateSnippetRequestValidator : AbstractValidator<UpdateSnippetRequest>
{
    public UpdateSnippetRequestValidator(LanguageCatalog catalog, IOptions<SnippetOptions> options)
    {
        RuleFor(request => request.Version).NotNull().WithMessage("Say which version you changed.");
        RuleFor(request => request.Title).Cascade(CascadeMode.Stop).Must(title => title is null || !string.IsNullOrWhiteSpace(title)).WithMessage("A snippet has a title.")
            .MaximumLength(SnippetRules.MaxTitle).SingleLine();
        RuleFor(request => request.Language).KnownLanguage(catalog);
        RuleFor(request => request.Description).MaximumLength(SnippetRules.MaxDescription).PlainText();
        RuleFor(request => request.Tags).Tags();
        RuleFor(request => request.Stdin).PlainText()
            .Must(text => Encoding.UTF8.GetByteCount(text ?? "") <= options.Value.MaxBytes).WithMessage($"At most {options.Value.MaxBytes} bytes.");
        RuleFor(request => request.Args).Arguments();
        RuleFor(request => request).Custom((request, context) =>
        {
            if (request.Code is not null && request.Files is not null) context.AddFailure("code", "Give either code or files.");
            if (request.Files is null && request.Code is null) return;
            var files = request.Files ?? [new SnippetFileRequest("main", request.Code)];
            foreach (var (field, message) in SnippetRules.FindProblems(files, options.Value))
                context.AddFailure(request.Files is null ? "code" : field, message);
        });
    }
}

internal sealed class SnippetListQueryValidator : AbstractValidator<SnippetListQuery>
{
    public const string Mine = "mine";
    public const string Public = "public";
    public const string Starred = "starred";
    private static readonly string[] Scopes = [Mine, Public, Starred];

    private static readonly Dictionary<string, SnippetVisibility> Visibilities = new(StringComparer.Ordinal)
    {
        ["private"] = SnippetVisibility.Private,
        ["unlisted"] = SnippetVisibility.Unlisted,
        ["public"] = SnippetVisibility.Public,
    };

    public SnippetListQueryValidator(LanguageCatalog catalog)
    {
        RuleFor(query => query.Search).MaximumLength(200).PlainText();
        RuleFor(query => query.Language).KnownLanguage(catalog);
        RuleFor(query => query.Tag).MaximumLength(30).PlainText();
        RuleFor(query => query.Visibility).Must(word => string.IsNullOrEmpty(word) || FindVisibility(word) is not null)
            .WithMessage($"Must be one of {string.Join(", ", Visibilities.Keys)}.");
        RuleFor(query => query.Scope).Must(scope => string.IsNullOrEmpty(scope) || Scopes.Contains(scope)).WithMessage($"Must be one of {string.Join(", ", Scopes)}.");
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
        RuleFor(query => query.Cursor).MaximumLength(1000);
    }

    public static SnippetVisibility? FindVisibility(string? word) =>
        word is not null && Visibilities.TryGetValue(word, out var visibility) ? visibility : null;
}

internal sealed class RunSnippetRequestValidator : AbstractValidator<RunSnippetRequest>
{
    public RunSnippetRequestValidator(IOptions<SnippetOptions> options)
    {
        RuleFor(request => request.Stdin)
            .Must(text => Encoding.UTF8.GetByteCount(text ?? "") <= options.Value.MaxBytes).WithMessage($"At most {options.Value.MaxBytes} bytes.");
        RuleFor(request => request.Args).Arguments();
    }
}

internal sealed class ImportSnippetsRequestValidator : AbstractValidator<ImportSnippetsRequest>
{
    public ImportSnippetsRequestValidator(IValidator<CreateSnippetRequest> snippet, IOptions<SnippetOptions> options)
    {
        RuleFor(request => request.Snippets).Cascade(CascadeMode.Stop)
            .NotEmpty().WithMessage("There is nothing to import.")
            .Must(snippets => snippets!.Count <= options.Value.MaxImport).WithMessage($"At most {options.Value.MaxImport} snippets at once.");
        RuleForEach(request => request.Snippets).NotNull().SetValidator(snippet);
    }
}
