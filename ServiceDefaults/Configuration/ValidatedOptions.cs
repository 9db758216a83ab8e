using System.Collections;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Configuration;

public static class ValidatedOptionsExtensions
{
    /// <summary>
    /// Options of one concern, bound to their section and validated when the process starts: a message names the key, as in
    /// <c>RateLimits:Auth:PermitLimit</c>.
    /// </summary>
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(new AnnotationsValidator<T>(section));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>Data annotations, also of the options inside; the framework's own validator neither goes inside nor names the key.</summary>
    private sealed class AnnotationsValidator<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var failures = new List<string>();
            Collect(options, section, failures);
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        private static void Collect(object options, string path, List<string> failures)
        {
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            failures.AddRange(results.Select(result => $"{Key(path, result)}: {result.ErrorMessage}"));

            foreach (var property in options.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            {
                if (!property.PropertyType.IsClass || property.PropertyType == typeof(string)) continue;
                if (property.GetValue(options) is { } value and not IEnumerable) Collect(value, $"{path}:{property.Name}", failures);
            }
        }

        private static string Key(string path, ValidationResult result) =>
            result.MemberNames.FirstOrDefault() is { } member ? $"{path}:{member}" : path;
    }
}
