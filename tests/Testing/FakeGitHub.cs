using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Testing;

/// <summary>
/// A small GitHub on loopback that refuses what GitHub refuses: requests without its headers, unknown tokens, what a token may not see.
/// </summary>
public sealed partial class FakeGitHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, FakeGitHubAccount> _accounts = new();
    private Func<HttpContext, Task>? _failure;

    private FakeGitHub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>The GitHub App that is known here.</summary>
    public FakeGitHubApp App { get; } = new();

    /// <summary>Method, path and query of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What happens elsewhere when a request has arrived and before it is answered; it may give the answer.</summary>
    public Func<HttpContext, Task>? Arriving { get; set; }

    /// <summary>Those that count against the limit of the hour: all but those that were answered by "not modified".</summary>
    public ConcurrentQueue<string> Counted { get; } = new();

    public static async Task<FakeGitHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeGitHub(app);
        app.Use(fake.CheckAsync);
        app.MapGet("/user", fake.GetUser);
        app.MapGet("/user/emails", fake.ListEmails);
        app.MapGet("/user/installations/{id:long}/repositories", fake.ListInstallationRepositories);
        app.MapGet("/app/installations/{id:long}", fake.GetInstallation);
        app.MapGet("/user/repos", fake.ListRepositories);
        app.MapGet("/repos/{owner}/{name}", fake.GetRepository);
        app.MapGet("/repos/{owner}/{name}/branches", fake.ListBranches);
        app.MapGet("/repos/{owner}/{name}/commits/{reference}", fake.GetCommit);
        app.MapGet("/repos/{owner}/{name}/pulls", fake.ListPullRequests);
        app.MapGet("/repos/{owner}/{name}/pulls/{number:int}/files", fake.ListPullRequestFiles);
        fake.MapWriting(app);
        await app.StartAsync(CancellationToken.None);
        return fake;
    }

    /// <param name="token">By which requests are the account's.</param>
    /// <param name="login">Its name.</param>
    /// <param name="id">Its number; several tokens may have the same.</param>
    public FakeGitHubAccount AddAccount(string token, string login, long? id = null)
    {
        var account = new FakeGitHubAccount(login, id ?? _accounts.Count + 1000);
        _accounts[token] = account;
        return account;
    }

    /// <summary>Answers every request so until it is called with null.</summary>
    public void FailWith(Func<HttpContext, Task>? answer) => _failure = answer;

    /// <summary>Answers every request with this status, body and headers.</summary>
    public void FailWith(int status, string message, params (string Name, string Value)[] headers) => FailWith(async context =>
    {
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new JsonObject { ["message"] = message }, context.RequestAborted);
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task CheckAsync(HttpContext context, Func<Task> next)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (Arriving is { } arriving) await arriving(context);
        if (context.Response.HasStarted) return;
        if (_failure is { } failure)
        {
            await failure(context);
            return;
        }

        var headers = context.Request.Headers;
        if (string.IsNullOrEmpty(headers.UserAgent)) await RefuseAsync(context, 403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
        else if (!headers.Accept.ToString().Contains("application/vnd.github", StringComparison.Ordinal)) await RefuseAsync(context, 415, "Unsupported 'Accept' header.");
        else if (headers["X-GitHub-Api-Version"] != "2022-11-28") await RefuseAsync(context, 400, "The API version is missing.");
        else if (headers.Authorization.Count > 0 && Account(context) is null && !IsApplication(context) && !App.IsItself(context)) await RefuseAsync(context, 401, "Bad credentials");
        else await AnswerAsync(context, next);
    }

    /// <summary>Answers of reading have tags, by which GitHub is asked whether they are still right.</summary>
    private async Task AnswerAsync(HttpContext context, Func<Task> next)
    {
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        if (context.Request.Method != "GET")
        {
            Counted.Enqueue(request);
            await next();
            return;
        }

        var (body, held) = (context.Response.Body, new MemoryStream());
        context.Response.Body = held;
        await next();
        context.Response.Body = body;
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(held.ToArray()))}\"";
        if (context.Response.StatusCode == 200) context.Response.Headers.ETag = tag;
        if (context.Response.StatusCode == 200 && context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = 304;
            context.Response.ContentLength = null;
            context.Response.ContentType = null;
            return;
        }

        Counted.Enqueue(request);
        await body.WriteAsync(held.ToArray(), context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new JsonObject { ["message"] = message }, context.RequestAborted);
    }

    private FakeGitHubAccount? Account(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        return authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? _accounts.GetValueOrDefault(authorization["Bearer ".Length..]) : null;
    }

    private IResult GetUser(HttpContext context) => Account(context) is { } account
        ? Results.Json(account.ToJson())
        : Refusal(401, "Requires authentication");

    private IResult ListEmails(HttpContext context) => Account(context) is { } account
        ? Results.Json(new JsonArray([.. account.Emails.Select(email => new JsonObject
        {
            ["email"] = email.Address,
            ["primary"] = email.IsPrimary,
            ["verified"] = email.IsVerified,
            ["visibility"] = email.IsPrimary ? "private" : null,
        })]))
        : Refusal(401, "Requires authentication");

    private IResult GetInstallation(HttpContext context, long id)
    {
        if (!App.IsItself(context)) return Refusal(401, "A JSON web token could not be decoded");
        return App.Installations.TryGetValue(id, out var installation) ? Results.Json(installation.ToJson()) : Refusal(404, "Not Found");
    }

    private IResult ListInstallationRepositories(HttpContext context, long id)
    {
        if (Account(context) is not { } account) return Refusal(401, "Requires authentication");
        return App.Installations.TryGetValue(id, out var installation) && installation.Members.Contains(account.Id)
            ? Results.Json(new JsonObject { ["total_count"] = 1, ["repositories"] = new JsonArray() })
            : Refusal(403, "Resource not accessible by integration");
    }

    private IResult ListRepositories(HttpContext context, string? visibility, string? sort, string? direction)
    {
        if (Account(context) is not { } account) return Refusal(401, "Requires authentication");
        if (sort != "pushed" || direction is not (null or "desc")) return Refusal(422, $"The fake sorts by pushed only, not by {sort} {direction}.");
        var found = account.Repositories
            .Where(repository => visibility is null or "all" || repository.IsPrivate == (visibility == "private"))
            .OrderByDescending(repository => repository.PushedAt);
        return Page(context, found.Select(repository => repository.ToJson()));
    }

    private IResult GetRepository(HttpContext context, string owner, string name)
    {
        if (Find(context, owner, name) is not { } repository) return Refusal(404, "Not Found");
        return repository.MovedTo is { } target ? Results.Redirect(new Uri(Address, $"repos/{target}").ToString(), permanent: true) : Results.Json(repository.ToJson());
    }

    private IResult ListBranches(HttpContext context, string owner, string name) => Find(context, owner, name) is { } repository
        ? Page(context, repository.Branches.Select(branch => new JsonObject
        {
            ["name"] = branch.Key,
            ["commit"] = new JsonObject { ["sha"] = branch.Value, ["url"] = $"{Address}commits/{branch.Value}" },
            ["protected"] = branch.Key == repository.DefaultBranch,
        }))
        : Refusal(404, "Not Found");

    private IResult GetCommit(HttpContext context, string owner, string name, string reference)
    {
        if (Find(context, owner, name) is not { } repository) return Refusal(404, "Not Found");
        if (repository.Branches.Count == 0) return Refusal(409, "Git Repository is empty.");
        reference = Uri.UnescapeDataString(reference);
        var sha = repository.Branches.GetValueOrDefault(reference) ?? (repository.Branches.ContainsValue(reference) || repository.Messages.ContainsKey(reference) ? reference : null);
        if (sha is null) return Refusal(422, $"No commit found for SHA: {reference}");
        var author = new JsonObject { ["name"] = "Ada", ["email"] = "ada@example.com", ["date"] = "2026-01-02T03:04:05Z" };
        return Results.Json(new JsonObject
        {
            ["sha"] = sha,
            ["commit"] = new JsonObject { ["message"] = repository.Messages.GetValueOrDefault(sha) ?? $"Commit on {reference}\n\nBody", ["author"] = author, ["committer"] = author.DeepClone() },
        });
    }

    private IResult ListPullRequests(HttpContext context, string owner, string name, string? state)
    {
        if (Find(context, owner, name) is not { } repository) return Refusal(404, "Not Found");
        if (state is not (null or "open")) return Refusal(422, "The fake knows open ones only.");
        return Page(context, repository.OpenPulls.OrderByDescending(pull => pull.Key).Select(pull => new JsonObject
        {
            ["number"] = pull.Key,
            ["state"] = "open",
            ["head"] = new JsonObject { ["ref"] = pull.Value.Branch, ["repo"] = pull.Value.Head is { } head ? new JsonObject { ["id"] = head } : null },
        }));
    }

    private IResult ListPullRequestFiles(HttpContext context, string owner, string name, int number)
    {
        if (Find(context, owner, name) is not { } repository || !repository.PullRequests.TryGetValue(number, out var files)) return Refusal(404, "Not Found");
        return Page(context, files.Take(3000).Select(file => file.Split(" -> ") is [var before, var now]
            ? new JsonObject { ["filename"] = now, ["previous_filename"] = before, ["status"] = "renamed" }
            : new JsonObject { ["filename"] = file, ["status"] = "modified" }));
    }

    private FakeGitHubRepository? Find(HttpContext context, string owner, string name) => _accounts.Values
        .SelectMany(account => account.Repositories)
        .FirstOrDefault(repository => repository.Owner == owner && repository.Name == name
            && (!repository.IsPrivate || Account(context)?.Repositories.Contains(repository) == true));

    private static IResult Refusal(int status, string message) => Results.Json(new JsonObject { ["message"] = message }, statusCode: status);

    private IResult Page(HttpContext context, IEnumerable<JsonObject> items)
    {
        var page = Number(context, "page", 1);
        var size = Math.Min(Number(context, "per_page", 30), 100);
        var all = items.ToList();
        if (page * size < all.Count)
        {
            var last = (all.Count + size - 1) / size;
            context.Response.Headers.Link = $"<{Address}{context.Request.Path.Value![1..]}?page={page + 1}&per_page={size}>; rel=\"next\", <{Address}x?page={last}>; rel=\"last\"";
        }

        return Results.Json(new JsonArray([.. all.Skip((page - 1) * size).Take(size)]));
    }

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
