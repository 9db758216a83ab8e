using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Metadata;
using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Validation;

/// <summary>
/// FluentValidation before handlers. Which arguments have a validator is decided when the endpoints are built: an endpoint without one
/// has no filter.
/// </summary>
internal static class ValidationConventions
{
    /// <summary>Registers the validator of a request; there is no scanning.</summary>
    public static IServiceCollection AddValidator<TRequest, TValidator>(this IServiceCollection services)
        where TValidator : class, IValidator<TRequest> =>
        services.AddSingleton<IValidator<TRequest>, TValidator>();

    /// <summary>Validates the arguments of every endpoint of the group.</summary>
    public static TBuilder WithValidation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is not { } handler) return;
            var known = endpoint.ApplicationServices.GetRequiredService<IServiceProviderIsService>();
            var validated = handler.GetParameters()
                .Select((parameter, index) => (Index: index, Validator: typeof(IValidator<>).MakeGenericType(parameter.ParameterType)))
                .Where(entry => known.IsService(entry.Validator))
                .ToArray();
            if (validated.Length == 0) return;

            endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status422UnprocessableEntity));
            var arguments = validated
                .Select(entry => new ValidatedArgument(entry.Index, new Lazy<IValidator>(() => (IValidator)endpoint.ApplicationServices.GetRequiredService(entry.Validator))))
                .ToArray();
            endpoint.FilterFactories.Add((_, next) => context => Refuse(arguments, context) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context));
        });
        return builder;
    }

    // Rules ask nobody, so they are gone through without waiting; one that does wait fails here at its first request.
    private static ErrorResult? Refuse(ValidatedArgument[] arguments, EndpointFilterInvocationContext context)
    {
        foreach (var entry in arguments)
        {
            if (context.Arguments[entry.Index] is not { } argument || entry.IsKnown(argument)) continue;
            var result = entry.Validator.Value.Validate(new ValidationContext<object>(argument));
            if (!result.IsValid) return ApiErrors.Invalid(ToFields(result));
            entry.Remember(argument);
        }

        return null;
    }

    internal static Dictionary<string, string[]> ToFields(ValidationResult result) =>
        result.Errors
            .GroupBy(failure => ToJsonPath(failure.PropertyName), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(failure => failure.ErrorMessage).Distinct().ToArray(), StringComparer.Ordinal);

    // Fields are named as the client wrote them.
    private static string ToJsonPath(string property) => string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>Validators are singletons: each is made when the first request needs it, and not looked up again.</summary>
    private sealed record ValidatedArgument(int Index, Lazy<IValidator> Validator)
    {
        private IRepeatedQuery? _last;

        public bool IsKnown(object argument) => argument is IRepeatedQuery && Volatile.Read(ref _last) is { } last && last.Equals(argument);

        public void Remember(object argument)
        {
            if (argument is IRepeatedQuery query) Volatile.Write(ref _last, query);
        }
    }
}

/// <summary>
/// Marks a record of plain values that says all that its validator looks at and nothing secret: one that equals the last good one is good, and most
/// callers of a list ask for the same page.
/// </summary>
internal interface IRepeatedQuery;

/// <summary>An answer with the error envelope, for the OpenAPI document.</summary>
internal sealed class ProducesErrorMetadata(int statusCode) : IProducesResponseTypeMetadata
{
    public Type? Type => typeof(ErrorResponse);

    public int StatusCode { get; } = statusCode;

    public IEnumerable<string> ContentTypes => ["application/json"];
}
