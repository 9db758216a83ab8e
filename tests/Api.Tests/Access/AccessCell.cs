using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Common;
using Platform.Api.Execution;
using Platform.Api.Execution.Storage;
using Platform.Api.Snippets.Documents;
using Platform.Core.Data.Entities;
using Platform.Core.Documents;

namespace Platform.Api.Tests.Access;

/// <summary>One square of the table: a caller and an organisation of their own. Makes what a request needs, straight in the database.</summary>
public sealed class AccessCell(
    AccessFixture fixture, Guid organization, IReadOnlyDictionary<AccessActor, ApiUser> users, ApiUser? caller, string? credential)
{
    public Guid Organization { get; } = organization;

    /// <summary>The caller's account; an unknown one for the anonymous.</summary>
    public Guid Me { get; } = caller?.Id ?? Guid.NewGuid();

    /// <summary>What to send as bearer.</summary>
    public string? Credential { get; } = credential;

    public ApiUser User(AccessActor actor) => users[actor];

    /// <summary>A project of the organisation.</summary>
    public async Task<Guid> ProjectAsync()
    {
        var id = Guid.CreateVersion7();
        await using var database = fixture.Api.CreateContext();
        database.Projects.Add(new Project
        {
            Id = id,
            OwnerId = Organization,
            UserId = users[AccessActor.Owner].Id,
            Name = "site",
            Slug = $"s-{Guid.NewGuid():N}",
            Repository = $"https://git.example.com/team/{id:N}",
        });
        await database.SaveChangesAsync();
        return id;
    }

    /// <summary>A waiting deployment of the organisation.</summary>
    public async Task<Guid> DeploymentAsync()
    {
        var project = await ProjectAsync();
        var deployment = new Deployment { Id = Guid.CreateVersion7(), OwnerId = Organization, UserId = users[AccessActor.Owner].Id, ProjectId = project, Branch = "main" };
        await using var database = fixture.Api.CreateContext();
        database.Deployments.Add(deployment);
        await database.SaveChangesAsync();
        return deployment.Id;
    }

    /// <summary>A notification of the owner.</summary>
    public async Task<Guid> NotificationAsync()
    {
        var id = Guid.CreateVersion7();
        await using var database = fixture.Api.CreateContext();
        database.Notifications.Add(new Notification
        {
            Id = id,
            UserId = users[AccessActor.Owner].Id,
            Seq = System.Security.Cryptography.RandomNumberGenerator.GetInt32(1, int.MaxValue),
            Type = "security",
            Title = "x",
            Message = "y",
        });
        await database.SaveChangesAsync();
        return id;
    }

    /// <summary>A project of the organisation, its webhook, and a delivery of that. It reaches nobody.</summary>
    public async Task<object[]> WebhookDeliveryAsync()
    {
        var project = await ProjectAsync();
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(),
            OwnerId = Organization,
            ProjectId = project,
            Url = "http://127.0.0.1:1/",
            Events = ["deployment.failed"],
            Secret = "none",
            Enabled = false,
        };
        var delivery = new WebhookDelivery
        {
            Id = Guid.CreateVersion7(),
            WebhookId = webhook.Id,
            Event = "deployment.failed",
            EventKey = "x",
            Payload = "{}",
            State = WebhookDeliveryState.Failed,
        };
        await using var database = fixture.Api.CreateContext();
        database.AddRange(webhook, delivery);
        await database.SaveChangesAsync();
        return [project, webhook.Id, delivery.Id];
    }

    /// <summary>A developer of the organisation who is no caller.</summary>
    public async Task<Guid> MemberAsync()
    {
        var id = await AccountAsync();
        await using var database = fixture.Api.CreateContext();
        database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = Organization, UserId = id, Role = OrganizationRole.Developer });
        await database.SaveChangesAsync();
        return id;
    }

    /// <summary>An account that nobody signs in to.</summary>
    public async Task<Guid> AccountAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var id = Guid.CreateVersion7();
        await using var database = fixture.Api.CreateContext();
        database.Users.Add(new PlatformUser
        {
            Id = id,
            Name = "Nobody",
            Email = email,
            UserName = email,
            NormalizedEmail = email.ToUpperInvariant(),
            NormalizedUserName = email.ToUpperInvariant(),
        });
        await database.SaveChangesAsync();
        return id;
    }

    /// <summary>An invitation into the organisation for the caller <see cref="AccessActor.Other"/>.</summary>
    public async Task<(Guid Id, string Token)> InvitationAsync()
    {
        var email = users[AccessActor.Other].Email;
        var (id, token) = (Guid.CreateVersion7(), OpaqueToken.Create());
        await using var database = fixture.Api.CreateContext();
        database.OrganizationInvitations.Add(new OrganizationInvitation
        {
            Id = id,
            OrganizationId = Organization,
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            Role = OrganizationRole.Developer,
            TokenHash = OpaqueToken.Hash(token),
            InvitedBy = users[AccessActor.Owner].Id,
            ExpiresAt = fixture.Api.Time.GetUtcNow().AddDays(1),
        });
        await database.SaveChangesAsync();
        return (id, token);
    }

    /// <summary>A snippet of the organisation; one that is not private has a link.</summary>
    public async Task<(Guid Id, string? ShareId)> SnippetAsync(string visibility = "private")
    {
        var response = await users[AccessActor.Owner].Client.PostAsJsonAsync(
            "/api/snippets", new { title = "x", language = "python", code = "1", owner = Organization, visibility });
        var body = await response.ReadJsonAsync();
        return (body.GetProperty("id").GetGuid(), body.GetProperty("shareUrl").GetString()?.Split('/')[^1]);
    }

    /// <summary>A snippet of the organisation with a link, in a language that is not offered any more.</summary>
    public async Task<(Guid Id, string ShareId)> LostSnippetAsync()
    {
        var (id, shareId) = await SnippetAsync("unlisted");
        var snippets = fixture.Api.Services.GetRequiredService<IDocumentStore>().GetCollection(Snippet.Collection);
        await snippets.ReplaceAsync((await snippets.FindAsync(id, CancellationToken.None))! with { Language = "cobol-74" }, CancellationToken.None);
        return (id, shareId!);
    }

    /// <summary>A run of the owner that is over, and the batch that it came with.</summary>
    public async Task<(Guid Id, Guid Batch)> ExecutionAsync()
    {
        var execution = new StoredExecution
        {
            Id = Guid.CreateVersion7(),
            OwnerId = users[AccessActor.Owner].Id,
            UserId = users[AccessActor.Owner].Id,
            BatchId = Guid.CreateVersion7(),
            Language = "python",
            Mode = ExecutionMode.Async,
            Status = ExecutionStatus.Completed,
            Verdict = "ok",
            Request = fixture.Api.Services.GetRequiredService<ExecutionPayloads>().Pack(new ExecuteRequest("python", "1")),
            CreatedAt = fixture.Api.Time.GetUtcNow(),
            CompletedAt = fixture.Api.Time.GetUtcNow(),
        };
        await using var database = fixture.Api.CreateContext();
        database.Executions.Add(execution);
        await database.SaveChangesAsync();
        return (execution.Id, execution.BatchId.Value);
    }

    /// <summary>An API token of the owner.</summary>
    public async Task<Guid> ApiTokenAsync()
    {
        var text = await fixture.NewTokenAsync(users[AccessActor.Owner].Id, AccessFixture.AllScopes);
        var hash = OpaqueToken.Hash(text);
        await using var database = fixture.Api.CreateContext();
        return database.ApiTokens.Single(row => row.TokenHash == hash).Id;
    }
}
