using Microsoft.Extensions.Configuration;
using Platform.ServiceDefaults.Http;

namespace Platform.ServiceDefaults.Tests.Http;

public sealed class ServiceDiscoveryTests
{
    private static IConfiguration Configure(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => v.Key, v => (string?)v.Value)).Build();

    [Fact]
    public void A_service_name_becomes_its_address_and_keeps_path_and_query()
    {
        var configuration = Configure(("services:api:http:0", "http://127.0.0.1:8081"));

        ServiceDiscoveryHandler.Resolve(configuration, new Uri("http://api/health?full=1"))
            .ShouldBe(new Uri("http://127.0.0.1:8081/health?full=1"));
    }

    [Fact]
    public void A_preferred_scheme_wins_when_the_service_offers_it()
    {
        var configuration = Configure(("services:api:http:0", "http://127.0.0.1:8081"), ("services:api:https:0", "https://127.0.0.1:8443"));

        ServiceDiscoveryHandler.Resolve(configuration, new Uri("https+http://api/")).ShouldBe(new Uri("https://127.0.0.1:8443/"));
    }

    [Fact]
    public void Several_addresses_take_turns()
    {
        var configuration = Configure(("services:api:http:0", "http://127.0.0.1:1"), ("services:api:http:1", "http://127.0.0.1:2"));

        var ports = Enumerable.Range(0, 6).Select(_ => ServiceDiscoveryHandler.Resolve(configuration, new Uri("http://api/")).Port);

        ports.Distinct().Order().ShouldBe([1, 2]);
    }

    [Fact]
    public void A_host_that_is_no_service_stays_as_it_is()
    {
        var uri = new Uri("https://example.org/x");

        ServiceDiscoveryHandler.Resolve(Configure(), uri).ShouldBe(uri);
    }
}
