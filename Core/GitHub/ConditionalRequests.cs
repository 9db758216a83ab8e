using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Platform.Core.GitHub;

/// <summary>
/// Below every client of GitHub: asks whether what is known has changed, which costs nothing of the hour's requests when it has not, and does not
/// ask at all while GitHub said that it takes no more.
/// </summary>
internal sealed class ConditionalRequests(GitHubAnswers answers, TimeProvider time) : DelegatingHandler
{
    private const string IfNoneMatch = "If-None-Match";
    private const string Link = "Link";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var caller = GitHubAnswers.CallerOf(request);
        if (answers.FindPause(caller) is { } until) return Refuse(request, until);
        var known = request.Method == HttpMethod.Get ? answers.Find(caller, request) : null;
        if (known is not null) request.Headers.TryAddWithoutValidation(IfNoneMatch, known.ETag);

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            response.Dispose();
            return Repeat(request, known);
        }

        if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests) await NoteLimitAsync(caller, response, cancellationToken);
        if (request.Method == HttpMethod.Get && response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag }) await KeepAsync(caller, request, response, tag, cancellationToken);
        return response;
    }

    private async Task NoteLimitAsync(string caller, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        if (GitHubRateLimit.FindEnd(response, await response.Content.ReadAsStringAsync(cancellationToken), time) is { } end) answers.Pause(caller, end);
    }

    private async Task KeepAsync(string caller, HttpRequestMessage request, HttpResponseMessage response, EntityTagHeaderValue tag, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var link = response.Headers.TryGetValues(Link, out var links) ? string.Join(", ", links) : null;
        answers.Keep(caller, request, new KeptAnswer(tag.ToString(), body, response.Content.Headers.ContentType?.ToString(), link));
    }

    private static HttpResponseMessage Repeat(HttpRequestMessage request, KeptAnswer known)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(known.Body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", known.ContentType);
        if (known.Link is { } link) response.Headers.TryAddWithoutValidation(Link, link);
        return response;
    }

    /// <summary>In the form in which GitHub says it, so that every client understands.</summary>
    private HttpResponseMessage Refuse(HttpRequestMessage request, DateTimeOffset until)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            RequestMessage = request,
            Content = new StringContent("""{"message":"API rate limit exceeded; not asked again yet."}""", Encoding.UTF8, "application/json"),
        };
        var seconds = Math.Max(1, (long)Math.Ceiling((until - time.GetUtcNow()).TotalSeconds));
        response.Headers.TryAddWithoutValidation("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
        return response;
    }
}
