using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Platform.Api.Tests.Access;

/// <summary>Asks every route as every kind of caller.</summary>
[Trait("Category", "Integration")]
public sealed partial class RouteTableTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    private static readonly AccessActor[] Actors = Enum.GetValues<AccessActor>();

    public static TheoryData<string> Routes => [.. RouteTable.Rows.Select(row => row.Route)];

    [Fact]
    public async Task Every_route_of_the_document_is_in_the_table_once()
    {
        var documented = (await ReadDocumentAsync()).Keys.ToList();
        var listed = RouteTable.Rows.Select(row => row.Route).ToList();

        documented.Except(listed).ShouldBeEmpty("add a row to RouteTable for each");
        listed.Except(documented).ShouldBeEmpty("these routes are gone");
        listed.ShouldBeUnique();
        RouteTable.Rows.ShouldAllBe(row => row.Statuses.Count == Actors.Length);
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task A_route_answers_each_caller_as_listed(string route)
    {
        var row = RouteTable.Rows.Single(candidate => candidate.Route == route);
        var scope = (await ReadDocumentAsync())[route];
        var actual = new List<int>();
        foreach (var actor in Actors)
        {
            var cell = await fixture.NewCellAsync(actor, row.FreshCaller, scope);
            actual.Add(await AskAsync(row, cell, cell.Credential));
        }

        actual.ShouldBe(row.Statuses, $"in the order {string.Join(", ", Actors)}; now: \"{string.Join("  ", actual)}\"");
    }

    /// <summary>A token that has nothing but the documented scope may do what its person may.</summary>
    [Theory, MemberData(nameof(Routes))]
    public async Task The_documented_scope_is_enough(string route)
    {
        var row = RouteTable.Rows.Single(candidate => candidate.Route == route);
        if ((await ReadDocumentAsync())[route] is not { } scope) return;
        var cell = await fixture.NewCellAsync(AccessActor.Owner, row.FreshCaller, scope);
        var token = await fixture.NewTokenAsync(cell.Me, [scope, .. row.MoreScopes]);

        (await AskAsync(row, cell, token)).ShouldBe(row.Statuses[(int)AccessActor.Owner]);
    }

    private async Task<int> AskAsync(RouteRow row, AccessCell cell, string? credential)
    {
        var (method, template) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
        var values = new Queue<object>(row.Values is null ? [] : await row.Values(cell));
        var path = Placeholder().Replace(template, _ => Convert.ToString(values.Dequeue(), CultureInfo.InvariantCulture)!) + row.Query?.Invoke(cell);
        if (row.Socket) return await ConnectAsync(path, credential);

        using var client = fixture.Api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (credential is not null) request.Headers.Authorization = new("Bearer", credential);
        if (row.Body is not null) request.Content = JsonContent.Create(row.Body(cell));
        if (row.MadeBody is not null) request.Content = JsonContent.Create(await row.MadeBody(cell));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<int> ConnectAsync(string path, string? credential)
    {
        var client = fixture.Api.Server.CreateWebSocketClient();
        try
        {
            var query = credential is null ? "" : $"?token={credential}";
            using var socket = await client.ConnectAsync(new Uri(fixture.Api.Server.BaseAddress, path + query), CancellationToken.None);
            socket.State.ShouldBe(WebSocketState.Open);
            socket.Abort();
            return 101;
        }
        catch (InvalidOperationException exception) when (HandshakeStatus().Match(exception.Message) is { Success: true } match)
        {
            return int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Each route with the scope it documents for API tokens; null: it takes none.</summary>
    private async Task<Dictionary<string, string?>> ReadDocumentAsync()
    {
        using var client = fixture.Api.CreateClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));
        return (from path in document.RootElement.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                select KeyValuePair.Create($"{operation.Name.ToUpperInvariant()} {path.Name}", FindScope(operation.Value)))
            .ToDictionary();
    }

    private static string? FindScope(JsonElement operation) =>
        operation.TryGetProperty("security", out var security)
            ? security.EnumerateArray()
                .Where(requirement => requirement.TryGetProperty("bearer", out _))
                .SelectMany(requirement => requirement.GetProperty("bearer").EnumerateArray())
                .Select(scope => scope.GetString()).FirstOrDefault()
            : null;

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"status code: (?<status>\d{3})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HandshakeStatus();
}
