using System.Text.Json;
using Platform.Testing;

namespace Platform.Api.Tests.OpenApi;

[Trait("Category", "Integration")]
public sealed class OpenApiDocumentTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string Snapshot = Path.Combine(RepositoryPaths.Root, "tests", "Api.Tests", "OpenApi", "openapi.v1.verified.json");

    /// <summary>A change of the contract is a change of a file that is reviewed. <c>UPDATE_SNAPSHOTS=1</c> rewrites it.</summary>
    [Fact]
    public async Task The_document_is_the_reviewed_one()
    {
        var text = Normalise(await ReadAsync());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(Snapshot, text);
        text.ShouldBe(await File.ReadAllTextAsync(Snapshot), "Review the change, then run this test with UPDATE_SNAPSHOTS=1.");
    }

    [Fact]
    public async Task Every_operation_documents_the_error_envelope()
    {
        using var document = JsonDocument.Parse(await ReadAsync());
        foreach (var (name, operation) in Operations(document))
        {
            var responses = operation.GetProperty("responses");
            foreach (var response in responses.EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
            {
                response.Value.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()
                    .ShouldBe("#/components/schemas/ErrorResponse", $"{name} {response.Name}");
            }

            responses.TryGetProperty("500", out _).ShouldBeTrue(name);
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty(name);
            if (!operation.TryGetProperty("parameters", out var parameters)) continue;
            foreach (var parameter in parameters.EnumerateArray()) char.IsAsciiLetterLower(parameter.GetProperty("name").GetString()![0]).ShouldBeTrue(name);
        }
    }

    [Fact]
    public async Task Schemas_are_requests_responses_or_enums()
    {
        using var document = JsonDocument.Parse(await ReadAsync());
        document.RootElement.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        foreach (var schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            var named = schema.Name.EndsWith("Request", StringComparison.Ordinal) || schema.Name.EndsWith("Response", StringComparison.Ordinal);
            (named || schema.Value.TryGetProperty("enum", out _)).ShouldBeTrue(schema.Name);
        }
    }

    /// <summary>Two types of one name become one schema, which is wrong for one of them.</summary>
    [Fact]
    public void No_two_bodies_have_one_name() => typeof(PlatformFeatures).Assembly.GetTypes()
        .Where(type => !type.IsNested && (type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name.EndsWith("Response", StringComparison.Ordinal)))
        .GroupBy(type => type.Name).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public async Task The_reference_page_is_served_with_a_policy_of_its_own()
    {
        using var client = api.CreateClient();
        var response = await client.GetAsync("/api/docs/index.html");
        response.EnsureSuccessStatusCode();
        (await response.Content.ReadAsStringAsync()).ShouldContain("swagger-ui");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
    }

    private async Task<string> ReadAsync()
    {
        using var client = api.CreateClient();
        return await client.GetStringAsync("/openapi/v1.json");
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonDocument document) =>
        from path in document.RootElement.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static string Normalise(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document, Indented).ReplaceLineEndings("\n") + "\n";
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
