using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Organizations;

/// <summary>What tests do with organisations again and again.</summary>
internal static partial class OrganizationSteps
{
    /// <summary>An organisation that the account owns.</summary>
    public static async Task<Guid> CreateOrganizationAsync(this ApiUser owner, string name = "Team")
    {
        var body = await (await owner.Client.PostAsJsonAsync("/api/organizations", new { name })).ReadJsonAsync();
        return body.GetProperty("id").GetGuid();
    }

    /// <summary>Puts a person in, as an accepted invitation would.</summary>
    public static async Task JoinAsync(this ApiFactory api, Guid organization, ApiUser user, OrganizationRole role)
    {
        await using var database = api.CreateContext();
        database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = organization, UserId = user.Id, Role = role, CreatedAt = api.Time.GetUtcNow() });
        await database.SaveChangesAsync();
    }

    public static async Task<OrganizationRole?> FindRoleAsync(this ApiFactory api, Guid organization, ApiUser user)
    {
        await using var database = api.CreateContext();
        return await database.OrganizationMembers.Where(member => member.OrganizationId == organization && member.UserId == user.Id)
            .Select(member => (OrganizationRole?)member.Role).FirstOrDefaultAsync();
    }

    public static async Task<JsonElement> GetJsonAsync(this ApiUser user, string path) => await (await user.Client.GetAsync(path)).ReadJsonAsync();

    public static Task<HttpResponseMessage> InviteAsync(this ApiUser user, Guid organization, string email, string role = "developer") =>
        user.Client.PostAsJsonAsync($"/api/organizations/{organization}/invitations", new { email, role });

    /// <summary>The token in the newest invitation that was mailed to the address.</summary>
    public static async Task<string> ReadInvitationAsync(this ApiFactory api, string email)
    {
        var token = await Eventually.ValueAsync(() => FindInvitationAsync(api, email), found => found is not null);
        return token!;
    }

    private static async Task<string?> FindInvitationAsync(ApiFactory api, string email)
    {
        if (!Directory.Exists(api.Mails)) return null;
        foreach (var file in new DirectoryInfo(api.Mails).GetFiles("*.eml").OrderByDescending(file => file.LastWriteTimeUtc))
        {
            var text = (await File.ReadAllTextAsync(file.FullName)).ReplaceLineEndings("\n");
            if (!text.Contains(email, StringComparison.OrdinalIgnoreCase)) continue;
            if (text.Split("\n--").Select(Decode).Select(part => Link().Match(part)).FirstOrDefault(match => match.Success) is { } link) return link.Groups["token"].Value;
        }

        return null;
    }

    /// <summary>The text of one MIME part, however it travels.</summary>
    private static string Decode(string part)
    {
        if (part.Split("\n\n", 2) is not [var headers, var body]) return part;
        if (headers.Contains("base64", StringComparison.OrdinalIgnoreCase)) return Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)));
        // Soft line breaks may stand anywhere in the link.
        return body.Replace("=\n", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/invitations#token=(?<token>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
