using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Common.Errors;
using Platform.Api.Tests.Common;

namespace Platform.Api.Tests.Mail;

/// <summary>The inbox of whoever tries the platform.</summary>
[Trait("Category", "Integration")]
public sealed class OutboxPageTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Whoever_sits_at_this_machine_sees_the_mails_as_page_and_as_json()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, "Confirm your email address");
        await using var here = From("127.0.0.1");
        using var client = here.CreateClient();

        var list = await (await client.GetAsync("/api/dev/outbox")).ReadJsonAsync();
        var entry = list.GetProperty("mails").EnumerateArray().Single(each => each.GetProperty("to").GetString() == user.Email);
        entry.GetProperty("code").GetString().ShouldBe(mail.Code);
        entry.GetProperty("link").GetString().ShouldBe(mail.Link);

        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        var page = await client.GetAsync("/api/dev/outbox");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldContain($"/api/dev/outbox/{mail.Id}");
        var shown = await client.GetAsync($"/api/dev/outbox/{mail.Id}");
        (await shown.Content.ReadAsStringAsync()).ShouldContain(mail.Code!);
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("allow-scripts");
        await (await client.GetAsync($"/api/dev/outbox/{Guid.NewGuid()}")).ShouldBeErrorAsync(404, "MAIL_NOT_FOUND");
    }

    [Theory]
    [InlineData("192.0.2.7", "localhost", null)]
    [InlineData("127.0.0.1", "evil.example", null)]
    [InlineData("127.0.0.1", "localhost", "198.51.100.1")]
    public async Task Nobody_else_does(string address, string host, string? forwarded)
    {
        await using var there = From(address);
        using var client = there.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/dev/outbox");
        request.Headers.Host = host;
        if (forwarded is not null) request.Headers.Add("X-Forwarded-For", forwarded);
        await (await client.SendAsync(request)).ShouldBeErrorAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Outside_of_development_there_is_no_such_page()
    {
        await using var production = From("127.0.0.1", "Production");
        using var client = production.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost") });
        await (await client.GetAsync("/api/dev/outbox")).ShouldBeErrorAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Mails_lie_in_the_folder_for_nobody_but_the_owner_of_the_process()
    {
        var user = await api.SignUpAsync(verified: false);
        await api.WaitForMailAsync(user.Email, "Confirm your email address");
        var files = await Platform.Testing.Eventually.ValueAsync(
            () => Task.FromResult(Directory.Exists(api.Mails) ? Directory.GetFiles(api.Mails, "*.eml") : []), found => found.Any(file => File.ReadAllText(file).Contains(user.Email)));
        files.ShouldNotBeEmpty();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(api.Mails).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetDirectories(api.Mails).ShouldBeEmpty();
    }

    private WebApplicationFactory<Program> From(string address, string environment = "Development") => api.WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment(environment);
        builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new ClientAddress(IPAddress.Parse(address))));
    });
}
