using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Platform.Testing;

/// <summary>What is written to <see cref="FakeGitHub"/>.</summary>
public sealed partial class FakeGitHub
{
    private long _numbers = 5000;

    /// <summary>Statuses in the order in which they came.</summary>
    public ConcurrentQueue<FakeCommitStatus> Statuses { get; } = new();

    /// <summary>Comments by their numbers.</summary>
    public ConcurrentDictionary<long, FakeComment> Comments { get; } = new();

    /// <summary>Webhooks by their numbers.</summary>
    public ConcurrentDictionary<long, FakeWebhook> Webhooks { get; } = new();

    /// <summary>The OAuth application that may revoke tokens: <c>id:secret</c>.</summary>
    public string Application { get; set; } = $"{FakeOAuthProvider.ClientId}:{FakeOAuthProvider.ClientSecret}";

    /// <summary>The account's token is worth nothing any more.</summary>
    public bool Revoke(string token) => _accounts.TryRemove(token, out _);

    private void MapWriting(WebApplication app)
    {
        app.MapGet("/repos/{owner}/{name}/commits", ListCommits);
        app.MapPost("/repos/{owner}/{name}/statuses/{sha}", (Delegate)CreateStatusAsync);
        app.MapPost("/repos/{owner}/{name}/issues/{issue:int}/comments", (Delegate)CreateCommentAsync);
        app.MapPatch("/repos/{owner}/{name}/issues/comments/{id:long}", (Delegate)UpdateCommentAsync);
        app.MapGet("/repos/{owner}/{name}/hooks", ListHooks);
        app.MapPost("/repos/{owner}/{name}/hooks", (Delegate)CreateHookAsync);
        app.MapDelete("/repos/{owner}/{name}/hooks/{id:long}", DeleteHook);
        app.MapDelete("/applications/{client}/token", (Delegate)RevokeAsync);
        app.MapDelete("/applications/{client}/grant", (Delegate)RevokeGrantAsync);
    }

    /// <summary>Whether requests with the token are anybody's.</summary>
    public bool Knows(string token) => _accounts.ContainsKey(token);

    private bool IsApplication(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/applications", StringComparison.Ordinal)
        && context.Request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Application));

    private IResult ListCommits(HttpContext context, string owner, string name, string? sha)
    {
        if (Find(context, owner, name) is not { } repository) return Refusal(404, "Not Found");
        if (repository.Branches.Count == 0) return Refusal(409, "Git Repository is empty.");
        if (sha is null || !repository.Branches.TryGetValue(sha, out var head)) return Refusal(404, "Not Found");
        var author = new JsonObject { ["name"] = "Ada", ["email"] = "ada@example.com", ["date"] = "2026-01-02T03:04:05Z" };
        return Page(context, Enumerable.Range(0, repository.CommitCount).Select(number => new JsonObject
        {
            ["sha"] = number == 0 ? head : number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture),
            ["commit"] = new JsonObject { ["message"] = $"Commit {number}", ["author"] = author.DeepClone(), ["committer"] = author.DeepClone() },
        }));
    }

    private async Task<IResult> CreateStatusAsync(HttpContext context, string owner, string name, string sha)
    {
        if (Account(context) is null || Find(context, owner, name) is null) return Refusal(404, "Not Found");
        var body = await ReadAsync(context);
        var state = (string?)body["state"];
        if (state is not ("pending" or "success" or "failure" or "error") || ((string?)body["description"])?.Length > 140) return Refusal(422, "Validation Failed");
        Statuses.Enqueue(new FakeCommitStatus($"{owner}/{name}", sha, state, (string?)body["context"] ?? "default", (string?)body["description"], (string?)body["target_url"]));
        return Results.Json(new JsonObject { ["id"] = Interlocked.Increment(ref _numbers), ["state"] = state }, statusCode: 201);
    }

    private async Task<IResult> CreateCommentAsync(HttpContext context, string owner, string name, int issue)
    {
        if (Account(context) is null || Find(context, owner, name) is null) return Refusal(404, "Not Found");
        var id = Interlocked.Increment(ref _numbers);
        Comments[id] = new FakeComment($"{owner}/{name}", issue, (string)(await ReadAsync(context))["body"]!, Edits: 0);
        return Results.Json(new JsonObject { ["id"] = id }, statusCode: 201);
    }

    private async Task<IResult> UpdateCommentAsync(HttpContext context, string owner, string name, long id)
    {
        if (Account(context) is null || !Comments.TryGetValue(id, out var comment) || comment.Repository != $"{owner}/{name}") return Refusal(404, "Not Found");
        Comments[id] = comment with { Body = (string)(await ReadAsync(context))["body"]!, Edits = comment.Edits + 1 };
        return Results.Json(new JsonObject { ["id"] = id });
    }

    private IResult ListHooks(HttpContext context, string owner, string name) => Find(context, owner, name) is null || Account(context) is null
        ? Refusal(404, "Not Found")
        : Page(context, Webhooks.Where(hook => hook.Value.Repository == $"{owner}/{name}").OrderBy(hook => hook.Key).Select(hook => new JsonObject
        {
            ["id"] = hook.Key,
            ["config"] = new JsonObject { ["url"] = hook.Value.Url, ["secret"] = "********" },
        }));

    private async Task<IResult> CreateHookAsync(HttpContext context, string owner, string name)
    {
        if (Account(context) is null || Find(context, owner, name) is null) return Refusal(404, "Not Found");
        var body = await ReadAsync(context);
        if ((string?)body["name"] != "web" || (string?)body["config"]?["content_type"] != "json" || (string?)body["config"]?["insecure_ssl"] is not (null or "0")) return Refusal(422, "Validation Failed");
        var url = (string)body["config"]!["url"]!;
        if (Webhooks.Values.Any(hook => hook.Repository == $"{owner}/{name}" && hook.Url == url)) return Refusal(422, "Hook already exists on this repository");
        var id = Interlocked.Increment(ref _numbers);
        Webhooks[id] = new FakeWebhook($"{owner}/{name}", url, (string?)body["config"]!["secret"], [.. body["events"]!.AsArray().Select(each => (string)each!)]);
        return Results.Json(new JsonObject { ["id"] = id }, statusCode: 201);
    }

    private IResult DeleteHook(HttpContext context, string owner, string name, long id) =>
        Account(context) is not null && Webhooks.TryGetValue(id, out var hook) && hook.Repository == $"{owner}/{name}" && Webhooks.TryRemove(id, out _)
            ? Results.NoContent()
            : Refusal(404, "Not Found");

    private async Task<IResult> RevokeAsync(HttpContext context, string client)
    {
        if (!IsApplication(context) || client != Application.Split(':')[0]) return Refusal(404, "Not Found");
        return Revoke((string)(await ReadAsync(context))["access_token"]!) ? Results.NoContent() : Refusal(422, "Validation Failed");
    }

    private async Task<IResult> RevokeGrantAsync(HttpContext context, string client)
    {
        if (!IsApplication(context) || client != Application.Split(':')[0]) return Refusal(404, "Not Found");
        if (!_accounts.TryGetValue((string)(await ReadAsync(context))["access_token"]!, out var account)) return Refusal(422, "Validation Failed");
        foreach (var token in _accounts.Where(each => each.Value.Id == account.Id).Select(each => each.Key)) Revoke(token);
        return Results.NoContent();
    }

    private static async Task<JsonNode> ReadAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
}

/// <summary>A status that was set.</summary>
public sealed record FakeCommitStatus(string Repository, string Sha, string State, string Context, string? Description, string? TargetUrl);

/// <summary>A comment and how often it was changed.</summary>
public sealed record FakeComment(string Repository, int Issue, string Body, int Edits);

/// <summary>A webhook of a repository.</summary>
public sealed record FakeWebhook(string Repository, string Url, string? Secret, IReadOnlyList<string> Events);
