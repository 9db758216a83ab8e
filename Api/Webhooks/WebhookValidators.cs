using FluentValidation;
using Platform.Api.Common;
using Platform.Api.Common.Http;
using Platform.Core.Notifications;

namespace Platform.Api.Webhooks;

internal sealed class CreateWebhookRequestValidator : AbstractValidator<CreateWebhookRequest>
{
    public CreateWebhookRequestValidator(WebhookAddresses addresses)
    {
        RuleFor(request => request.Url).CallableUrl(addresses);
        RuleFor(request => request.Events).KnownEvents();
    }
}

internal sealed class UpdateWebhookRequestValidator : AbstractValidator<UpdateWebhookRequest>
{
    public UpdateWebhookRequestValidator(WebhookAddresses addresses)
    {
        RuleFor(request => request.Url).CallableUrl(addresses);
        RuleFor(request => request.Events).KnownEvents();
        RuleFor(request => request.Enabled).NotNull();
    }
}

internal sealed class WebhookDeliveryQueryValidator : AbstractValidator<WebhookDeliveryQuery>
{
    public const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public WebhookDeliveryQueryValidator()
    {
        RuleFor(query => query.Cursor).TimeCursor();
        RuleFor(query => query.Limit).InclusiveBetween(1, MaxLimit);
    }
}

internal static class WebhookRules
{
    public static void CallableUrl<T>(this IRuleBuilder<T, string?> rule, WebhookAddresses addresses) =>
        rule.Custom((url, context) =>
        {
            if (OutgoingHttp.Refuse(url, addresses.AllowPrivate) is { } reason) context.AddFailure(reason);
        });

    public static void KnownEvents<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) =>
        rule.Must(events => events is { Count: > 0 } && events.Count <= DeploymentEvents.All.Count && events.All(DeploymentEvents.All.Contains))
            .WithMessage($"Give one or more of {string.Join(", ", DeploymentEvents.All)}.");
}
