using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Platform.Api.Common.Http;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

[Trait("Category", "Integration")]
public sealed class CallbackTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    private const string Secret = "a secret of the caller";

    [Fact]
    public async Task The_end_is_told_signed_and_again_until_it_is_taken()
    {
        await using var receiver = await Receiver.StartAsync(attempt => attempt < 3 ? 500 : 204);
        var user = await fixture.Api.SignUpAsync();

        var id = await StartAsync(user, receiver.Address);
        await UntilStateAsync(user, id, "delivered");

        receiver.Calls.Count.ShouldBe(3);
        foreach (var call in receiver.Calls)
        {
            var signed = Encoding.UTF8.GetBytes($"{call.Timestamp}.").Concat(call.Body).ToArray();
            call.Signature.ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)));
            var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Timestamp, CultureInfo.InvariantCulture));
            age.Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        }

        var told = JsonElement.Parse(receiver.Calls.First().Body);
        told.GetProperty("id").GetGuid().ShouldBe(id);
        told.GetProperty("status").GetString().ShouldBe("ok");
        told.GetProperty("result").GetProperty("stdout").GetString().ShouldBe("echo");
        await using var db = fixture.CreateContext();
        (await db.Executions.SingleAsync(row => row.Id == id)).CallbackSecret.ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_follows_where_a_receiver_points()
    {
        await using var receiver = await Receiver.StartAsync(_ => 302);
        var user = await fixture.Api.SignUpAsync();

        var id = await StartAsync(user, receiver.Address);
        await Eventually.TrueAsync(() => receiver.Calls.Count >= 2);

        receiver.Calls.ShouldAllBe(call => call.Path == "/hook");
        // It is tried again, perhaps has been often enough by now, and was never taken.
        (await StateAsync(user, id)).ShouldBeOneOf("pending", "failed");
    }

    [Fact]
    public async Task A_receiver_that_never_answers_is_given_up_after_so_many_attempts()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("held", async (worker, _) =>
        {
            await release.Task;
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var user = await fixture.Api.SignUpAsync();
        var id = await StartAsync(user, new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/hook"), "held");
        await using (var db = fixture.CreateContext())
            await db.Executions.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CallbackAttempts, 5));
        // The next attempt is the last one.
        release.SetResult();

        await UntilStateAsync(user, id, "failed");
    }

    [Fact]
    public async Task A_name_of_a_private_address_is_refused_when_it_is_connected_to()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        var port = ((IPEndPoint)target.LocalEndpoint).Port;

        await Should.ThrowAsync<HttpRequestException>(async () => await PublicAddresses.ConnectAsync(new DnsEndPoint("localhost", port), allowPrivate: false, CancellationToken.None));
        await Should.ThrowAsync<HttpRequestException>(async () => await PublicAddresses.ConnectAsync(new DnsEndPoint("127.0.0.1", port), allowPrivate: false, CancellationToken.None));
        target.Pending().ShouldBeFalse();
        await using var allowed = await PublicAddresses.ConnectAsync(new DnsEndPoint("127.0.0.1", port), allowPrivate: true, CancellationToken.None);
        allowed.CanWrite.ShouldBeTrue();
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Addresses_of_the_open_internet_are_told_from_others(string address, bool isPublic) =>
        PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBe(isPublic);

    private static async Task<Guid> StartAsync(ApiUser user, Uri callback, string code = "x")
    {
        var (status, accepted) = await ApiInstance.PostAsync(user.Client, "/api/execute/execute", new
        {
            language = "python",
            code,
            stdin = "echo",
            mode = "async",
            callback = new { url = callback.OriginalString, secret = Secret },
        });
        status.ShouldBe(202, accepted.ToString());
        return accepted.GetProperty("id").GetGuid();
    }

    private static async Task<string?> StateAsync(ApiUser user, Guid id) =>
        (await (await user.Client.GetAsync($"/api/execute/{id}")).ReadJsonAsync()).GetProperty("callback").GetProperty("state").GetString();

    private static Task<string?> UntilStateAsync(ApiUser user, Guid id, string state) => Eventually.ValueAsync(() => StateAsync(user, id), found => found == state);

    private sealed record Call(string Path, string Timestamp, string Signature, byte[] Body);

    /// <summary>What a caller runs to be told.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<Call> Calls { get; } = new();

        public Uri Address => new(new Uri(app.Urls.First()), "/hook");

        public static async Task<Receiver> StartAsync(Func<int, int> statusOfAttempt)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var receiver = new Receiver(app);
            app.Run(async context =>
            {
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                receiver.Calls.Enqueue(new Call(
                    context.Request.Path, context.Request.Headers["X-Autostack-Timestamp"].ToString(), context.Request.Headers["X-Autostack-Signature"].ToString(), body.ToArray()));
                context.Response.StatusCode = statusOfAttempt(receiver.Calls.Count);
                context.Response.Headers.Location = "/elsewhere";
            });
            await app.StartAsync(CancellationToken.None);
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
