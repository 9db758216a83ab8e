using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Configuration;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class ValidatedOptionsTests
{
    [Fact]
    public void A_failure_names_the_key_also_inside()
    {
        var failure = Should.Throw<OptionsValidationException>(() => Read(("Outer:Inner:Number", "0")));
        failure.Failures.ShouldHaveSingleItem().ShouldStartWith("Outer:Inner:Number: ");
    }

    [Fact]
    public void What_is_valid_is_bound() => Read(("Outer:Inner:Number", "7")).Inner.Number.ShouldBe(7);

    private static OuterOptions Read(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value))).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddValidatedOptions<OuterOptions>("Outer");
        return services.BuildServiceProvider().GetRequiredService<IOptions<OuterOptions>>().Value;
    }

    private sealed class OuterOptions
    {
        public InnerOptions Inner { get; set; } = new();
    }

    private sealed class InnerOptions
    {
        [Range(1, 10)]
        public int Number { get; set; } = 1;
    }
}
