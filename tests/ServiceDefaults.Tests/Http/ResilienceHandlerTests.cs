using System.Net;
using Platform.ServiceDefaults.Http;

namespace Platform.ServiceDefaults.Tests.Http;

public sealed class ResilienceHandlerTests
{
    [Fact]
    public async Task A_read_is_repeated_until_the_server_recovers()
    {
        var server = new ScriptedHandler(HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway, HttpStatusCode.OK);

        using var response = await Client(server).GetAsync(new Uri("http://host/"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task A_write_is_never_repeated()
    {
        var server = new ScriptedHandler(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);

        using var response = await Client(server).PostAsync(new Uri("http://host/"), content: null);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        server.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_the_callers_fault_is_not_repeated()
    {
        var server = new ScriptedHandler(HttpStatusCode.NotFound, HttpStatusCode.OK);

        using var response = await Client(server).GetAsync(new Uri("http://host/"));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        server.Calls.ShouldBe(1);
    }

    private static HttpClient Client(HttpMessageHandler server) =>
        new(new ResilienceHandler(ResilienceHandler.CreatePipeline(TimeProvider.System)) { InnerHandler = server });

    private sealed class ScriptedHandler(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(answers[Calls++]));
    }
}
