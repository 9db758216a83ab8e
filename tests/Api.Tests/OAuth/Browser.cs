using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Testing;

namespace Platform.Api.Tests.OAuth;

/// <summary>Keeps cookies and looks at redirects instead of following them.</summary>
internal sealed class Browser(IdentityFactory api) : IDisposable
{
    public HttpClient Client { get; } = api.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>Where an address of the Api sends the browser.</summary>
    public async Task<Uri> GoAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!;
    }

    /// <summary>Goes to the provider, where the person says yes, and back; returns the page of the front end where it ends.</summary>
    public async Task<Uri> SignInAsync(string provider, FakePerson person, string query = "")
    {
        var page = await GoAsync($"/api/auth/{provider}{query}");
        return await GoAsync(api.Provider(provider).Authorize(page, person).PathAndQuery);
    }

    public async Task<JsonElement> GetSessionAsync() => await (await Client.GetAsync("/api/auth/session")).ReadJsonAsync();

    public async Task<bool> IsSignedInAsync() => (await Client.GetAsync("/api/auth/session")).IsSuccessStatusCode;

    /// <summary>A change by cookie, as the front end makes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        request.Headers.Add("X-CSRF-Token", (await GetSessionAsync()).GetProperty("csrfToken").GetString());
        return await Client.SendAsync(request);
    }

    public void Dispose() => Client.Dispose();
}

internal static class PageExtensions
{
    /// <summary>The page without what stands behind it.</summary>
    public static string Page(this Uri address) => address.GetLeftPart(UriPartial.Path);

    public static string? Query(this Uri address, string name) => QueryHelpers.ParseQuery(address.Query).TryGetValue(name, out var value) ? value.ToString() : null;

    public static string? Fragment(this Uri address, string name) =>
        QueryHelpers.ParseQuery(address.Fragment.TrimStart('#')).TryGetValue(name, out var value) ? value.ToString() : null;
}
