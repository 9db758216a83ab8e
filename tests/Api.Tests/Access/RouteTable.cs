using RowValues = System.Func<Platform.Api.Tests.Access.AccessCell, System.Threading.Tasks.Task<object[]>>;

namespace Platform.Api.Tests.Access;

/// <summary>
/// Every route of the Api, and what each kind of caller is answered to a request that is right. A new route needs a row: its method and path as
/// the OpenAPI document has them, the expected statuses, and whatever makes the request right:
/// <list type="bullet">
/// <item><c>Values</c> for the placeholders of the path, in their order; everything that a cell makes belongs to its organisation.</item>
/// <item><c>Body</c>, sent as JSON, or <c>MadeBody</c> where something must be made for it. <c>Query</c>, with its question mark.</item>
/// <item><c>FreshCaller</c> where the request ends the caller's session or changes their account.</item>
/// <item><c>MoreScopes</c> where what is asked for needs them beside the documented one.</item>
/// <item><c>Socket</c> where the route speaks WebSocket: 101 is a connection.</item>
/// </list>
/// The message of a failing row carries the line as the Api answers it now. Check it; do not copy it unseen.
/// </summary>
internal static class RouteTable
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        //                                                                  anon other view devl admn ownr site expd scop unvr
        // Sign-up, sign-in, sessions.
        new("POST /api/auth/signup",                                       "201  201   201  201  201  201  201  201  403  201") { Body = _ => NewAccount() },
        new("POST /api/auth/register",                                     "201  201   201  201  201  201  201  201  403  201") { Body = _ => NewAccount() },
        new("POST /api/auth/login",                                        "200  200   200  200  200  200  200  200  403  200") { Body = c => new { email = c.User(AccessActor.Other).Email, password = ApiFactory.Password } },
        new("POST /api/auth/refresh",                                      "401  401   401  401  401  401  401  401  403  401") { Body = _ => new { refreshToken = "not one" } },
        new("POST /api/auth/logout",                                       "401  204   204  204  204  204  204  401  403  204") { FreshCaller = true },
        new("GET /api/auth/session",                                       "401  200   200  200  200  200  200  401  403  200"),

        // What is mailed: nobody has a right link here, and everybody is told so alike.
        new("POST /api/auth/verify-email",                                  "400  400   400  400  400  400  400  400  403  400") { Body = _ => new { token = new string('a', 43) } },
        new("POST /api/auth/resend-verification",                           "202  202   202  202  202  202  202  202  403  202") { Body = _ => new { email = "nobody@example.com" } },
        new("POST /api/auth/forgot-password",                               "202  202   202  202  202  202  202  202  403  202") { Body = _ => new { email = "nobody@example.com" } },
        new("POST /api/auth/reset-password",                                "400  400   400  400  400  400  400  400  403  400") { Body = _ => new { token = new string('a', 43), password = "another quiet lamp" } },
        new("GET /api/auth/sessions",                                       "401  200   200  200  200  200  200  401  403  200"),
        new("DELETE /api/auth/sessions",                                    "401  200   200  200  200  200  200  401  403  200") { FreshCaller = true },
        new("DELETE /api/auth/sessions/{id}",                               "401  404   404  404  404  404  404  401  403  404") { Values = Unknown },
        new("GET /api/auth/signing-keys",                                   "401  403   403  403  403  403  200  401  403  403"),
        new("POST /api/auth/signing-keys",                                  "401  403   403  403  403  403  200  401  403  403"),

        // Providers: none is configured here, which is told to everybody.
        new("GET /api/auth/providers",                                      "200  200   200  200  200  200  200  200  403  200"),
        new("GET /api/auth/github",                                         "404  404   404  404  404  404  404  404  403  404"),
        new("GET /api/auth/github/callback",                                "404  404   404  404  404  404  404  404  403  404"),
        new("GET /api/auth/google",                                         "404  404   404  404  404  404  404  404  403  404"),
        new("GET /api/auth/google/callback",                                "404  404   404  404  404  404  404  404  403  404"),
        new("POST /api/auth/link",                                          "401  401   401  401  401  401  401  401  403  401") { Body = _ => new { token = new string('a', 43) } },
        new("GET /api/user/logins",                                         "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/user/logins/{provider}",                             "401  404   404  404  404  404  404  401  403  404") { Values = Provider, Body = _ => new { } },
        new("DELETE /api/user/logins/{provider}",                           "401  404   404  404  404  404  404  401  403  404") { Values = Provider },
        new("GET /api/github/app/install",                                  "401  404   404  404  404  404  404  401  403  404"),
        new("GET /api/github/app/callback",                                 "404  404   404  404  404  404  404  401  403  404"),

        // The second factor: a proof is right, and it is not on.
        new("POST /api/auth/2fa/verify",                                    "401  401   401  401  401  401  401  401  403  401") { Body = _ => new { twoFactorToken = new string('a', 43), code = "000000" } },
        new("GET /api/auth/2fa",                                            "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/auth/2fa/setup",                                     "401  200   200  200  200  200  200  401  403  200") { Body = _ => Proof, FreshCaller = true },
        new("POST /api/auth/2fa/enable",                                    "401  422   422  422  422  422  422  401  403  422") { Body = _ => new { code = "000000" }, FreshCaller = true },
        new("POST /api/auth/2fa/disable",                                   "401  409   409  409  409  409  409  401  403  409") { Body = _ => Proof },
        new("POST /api/auth/2fa/recovery-codes",                            "401  409   409  409  409  409  409  401  403  409") { Body = _ => Proof },

        // The account. The owner of an organisation with others in it stays until somebody else owns it.
        new("GET /api/user/profile",                                        "401  200   200  200  200  200  200  401  403  200"),
        new("PUT /api/user/profile",                                        "401  200   200  200  200  200  200  401  403  200") { Body = _ => new { name = "Test Person" } },
        new("GET /api/user/preferences",                                    "401  200   200  200  200  200  200  401  403  200"),
        new("PUT /api/user/preferences",                                    "401  200   200  200  200  200  200  401  403  200") { Body = _ => new { theme = "dark" } },
        new("GET /api/user/export",                                         "401  200   200  200  200  200  200  401  403  200"),
        new("PUT /api/user/password",                                       "401  204   204  204  204  204  204  401  403  204") { Body = _ => new { currentPassword = ApiFactory.Password, newPassword = "another quiet lamp" }, FreshCaller = true },
        new("PUT /api/user/email",                                          "401  202   202  202  202  202  202  401  403  202") { Body = _ => new { email = $"{Guid.NewGuid():N}@example.net", password = ApiFactory.Password }, FreshCaller = true },
        new("DELETE /api/user/account",                                     "401  204   204  204  204  409  204  401  403  204") { Body = _ => Proof, FreshCaller = true },
        new("POST /api/user/email/confirm",                                 "401  401   401  401  401  401  401  401  403  401") { Body = _ => new { token = new string('a', 43) } },
        new("POST /api/user/email/undo",                                    "401  401   401  401  401  401  401  401  403  401") { Body = _ => new { token = new string('a', 43) } },
        new("PUT /api/user/avatar",                                         "401  415   415  415  415  415  415  401  403  415"),
        new("DELETE /api/user/avatar",                                      "401  204   204  204  204  204  204  401  403  204"),
        new("GET /api/avatars/{id}",                                        "404  404   404  404  404  404  404  401  403  404") { Values = Unknown },
        new("GET /api/user/onboarding",                                     "401  200   200  200  200  200  200  401  403  200"),
        new("PUT /api/user/onboarding",                                     "401  200   200  200  200  200  200  401  403  200") { Body = _ => new { userType = "developer" }, FreshCaller = true },

        // API tokens: the one in the path is the owner's.
        new("GET /api/user/tokens",                                        "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/user/tokens",                                       "401  201   201  201  201  201  201  401  403  201") { Body = _ => new { name = "ci", scopes = new[] { "execute" } }, FreshCaller = true },
        new("DELETE /api/user/tokens/{id}",                                "401  404   404  404  404  204  404  401  403  404") { Values = async c => [await c.ApiTokenAsync()] },
        new("GET /api/user/tokens/scopes",                                 "401  200   200  200  200  200  200  401  403  200"),

        // Organisations.
        new("GET /api/organizations",                                      "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/organizations",                                     "401  201   201  201  201  201  201  401  403  201") { Body = _ => new { name = "Another" }, FreshCaller = true },
        new("GET /api/organizations/{id}",                                 "401  404   200  200  200  200  404  401  403  200") { Values = Organization },
        new("PATCH /api/organizations/{id}",                               "401  404   403  403  200  200  404  401  403  200") { Values = Organization, Body = _ => new { name = "Renamed" } },
        new("DELETE /api/organizations/{id}",                              "401  404   403  403  403  204  404  401  403  403") { Values = Organization },
        new("POST /api/organizations/{id}/transfer",                       "401  404   403  403  403  204  404  401  403  403") { Values = Organization, Body = c => new { userId = c.User(AccessActor.Viewer).Id } },
        new("POST /api/organizations/{id}/leave",                          "401  404   204  204  204  409  404  401  403  204") { Values = Organization },
        new("GET /api/organizations/{id}/members",                         "401  404   200  200  200  200  404  401  403  200") { Values = Organization },
        new("PATCH /api/organizations/{id}/members/{userId}",              "401  404   403  403  204  204  404  401  403  403") { Values = async c => [c.Organization, await c.MemberAsync()], Body = _ => new { role = "viewer" } },
        new("DELETE /api/organizations/{id}/members/{userId}",             "401  404   403  403  204  204  404  401  403  403") { Values = async c => [c.Organization, await c.MemberAsync()] },
        new("GET /api/organizations/{id}/invitations",                     "401  404   403  403  200  200  404  401  403  403") { Values = Organization },
        new("POST /api/organizations/{id}/invitations",                    "401  404   403  403  201  201  404  401  403  403") { Values = Organization, Body = _ => new { email = "guest@example.com", role = "viewer" } },
        new("DELETE /api/organizations/{id}/invitations/{invitationId}",   "401  404   403  403  204  204  404  401  403  403") { Values = async c => [c.Organization, (await c.InvitationAsync()).Id] },
        new("POST /api/invitations/preview",                               "200  200   200  200  200  200  200  200  403  200") { MadeBody = InvitationToken },
        new("POST /api/invitations/accept",                                "401  200   403  403  403  403  403  401  403  403") { MadeBody = InvitationToken },
        new("POST /api/invitations/decline",                               "204  204   204  204  204  204  204  401  403  204") { MadeBody = InvitationToken },
        new("POST /api/projects/{id}/transfer",                            "401  404   403  403  200  200  404  401  403  403") { Values = async c => [await c.ProjectAsync()], Body = c => new { owner = c.Me } },

        // Audit and administration.
        new("GET /api/user/audit",                                         "401  200   200  200  200  200  200  401  403  200"),
        new("GET /api/organizations/{id}/audit",                           "401  404   403  403  200  200  404  401  403  200") { Values = Organization },
        new("GET /api/admin/audit",                                        "401  403   403  403  403  403  200  401  403  403"),
        new("GET /api/admin/users",                                        "401  403   403  403  403  403  200  401  403  403"),
        new("GET /api/admin/users/{id}",                                   "401  403   403  403  403  403  200  401  403  403") { Values = Account },
        new("POST /api/admin/users/{id}/disable",                          "401  403   403  403  403  403  204  401  403  403") { Values = Account },
        new("POST /api/admin/users/{id}/enable",                           "401  403   403  403  403  403  204  401  403  403") { Values = Account },
        new("PUT /api/admin/users/{id}/role",                              "401  403   403  403  403  403  204  401  403  403") { Values = Account, Body = _ => new { role = "admin" } },

        // Deployments.
        new("GET /api/deployments",                                        "401  404   200  200  200  200  404  401  403  200") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/deployments",                                       "401  404   403  202  202  202  404  401  403  403") { Body = c => new { repository = "sample:plain-html", branch = "main", owner = c.Organization } },
        new("GET /api/deployments/recent",                                 "401  200   200  200  200  200  200  401  403  200"),
        new("GET /api/deployments/{id}",                                   "401  404   200  200  200  200  404  401  403  200") { Values = Deployment },
        new("POST /api/deployments/{id}/cancel",                           "401  404   403  202  202  202  404  401  403  202") { Values = Deployment },
        new("GET /api/deployments/{id}/logs",                              "401  404   200  200  200  200  404  401  403  200") { Values = Deployment },
        new("GET /api/deployments/{id}/logs/stream",                       "401  404   101  101  101  101  404  401  403  101") { Values = Deployment, Socket = true },
        new("DELETE /api/deployments/{id}",                                "401  404   403  403  204  204  404  401  403  204") { Values = Deployment },
        new("POST /api/deployments/upload",                                "401  404   403  422  422  422  404  401  403  403") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/deployments/{id}/redeploy",                         "401  404   403  202  202  202  404  401  403  403") { Values = Deployment, Body = _ => new { } },
        new("POST /api/deployments/{id}/promote",                          "401  404   403  409  409  409  404  401  403  403") { Values = Deployment },
        new("GET /api/deployments/{id}/logs/download",                     "401  404   200  200  200  200  404  401  403  200") { Values = Deployment },
        new("GET /api/samples",                                            "401  200   200  200  200  200  200  401  403  200"),

        // GitHub. Nobody here is connected: 409 shows who is let in. A delivery is refused by its signature, or where none are taken.
        new("GET /api/github/connection",                                  "401  200   200  200  200  200  200  401  403  200"),
        new("GET /api/github/connection-status",                           "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/github/connect",                                    "401  404   404  404  404  404  404  401  403  404") { Body = _ => new { returnUrl = "/settings" } },
        new("DELETE /api/github/disconnect",                               "401  404   404  404  404  404  404  401  403  404"),
        new("GET /api/github/repos",                                       "401  409   409  409  409  409  409  401  403  409"),
        new("GET /api/github/repos/{repo}/branches",                       "401  409   409  409  409  409  409  401  403  409") { Values = _ => Task.FromResult<object[]>(["shop"]) },
        new("GET /api/github/repos/{owner}/{repo}/branches",               "401  409   409  409  409  409  409  401  403  409") { Values = _ => Task.FromResult<object[]>(["ada", "shop"]) },
        new("GET /api/github/repos/{owner}/{repo}/commits",                "401  409   409  409  409  409  409  401  403  409") { Values = _ => Task.FromResult<object[]>(["ada", "shop"]) },
        new("POST /api/github/webhook",                                    "404  404   404  404  404  404  404  404  403  404"),
        new("GET /api/github/deliveries",                                  "401  404   403  403  200  200  404  401  403  200") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/github/deliveries/{id}/replay",                     "401  404   404  404  404  404  404  401  403  404") { Values = _ => Task.FromResult<object[]>([Guid.NewGuid()]) },
        new("POST /api/deployments/{id}/approve",                          "401  404   403  409  409  409  404  401  403  403") { Values = Deployment },
        // Projects.
        new("GET /api/projects",                                           "401  404   200  200  200  200  404  401  403  200") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/projects",                                          "401  404   403  201  201  201  404  401  403  201") { Body = c => new { repository = "sample:plain-html", branch = "main", owner = c.Organization } },
        new("GET /api/projects/{id}",                                      "401  404   200  200  200  200  404  401  403  200") { Values = Project },
        new("PUT /api/projects/{id}",                                      "401  404   403  403  200  200  404  401  403  200") { Values = Project, Body = c => new { name = "x", repository = "sample:plain-html", branch = "main" } },
        new("DELETE /api/projects/{id}",                                   "401  404   403  403  204  204  404  401  403  204") { Values = Project },
        new("GET /api/projects/{id}/env",                                  "401  404   403  200  200  200  404  401  403  200") { Values = Project },
        new("PUT /api/projects/{id}/env",                                  "401  404   403  403  200  200  404  401  403  200") { Values = Project, Body = _ => new { production = new[] { new { name = "A", value = "b" } } } },
        new("GET /api/projects/{id}/deployments",                          "401  404   200  200  200  200  404  401  403  200") { Values = Project },
        new("POST /api/projects/{id}/deployments",                         "401  404   403  202  202  202  404  401  403  403") { Values = Project, Body = _ => new { } },
        new("POST /api/projects/{id}/rollback",                            "401  404   403  409  409  409  404  401  403  403") { Values = Project, Body = _ => new { } },
        new("POST /api/projects/{id}/resume",                              "401  404   403  409  409  409  404  401  403  403") { Values = Project },
        new("GET /api/projects/{id}/domains",                              "401  404   200  200  200  200  404  401  403  200") { Values = Project },
        new("POST /api/projects/{id}/domains",                             "401  404   403  403  201  201  404  401  403  201") { Values = Project, Body = _ => new { host = "www.example.com" } },
        new("POST /api/projects/{id}/domains/{domainId}/verify",           "401  404   403  403  404  404  404  401  403  404") { Values = UnknownDomain },
        new("POST /api/projects/{id}/domains/{domainId}/primary",          "401  404   403  403  404  404  404  401  403  404") { Values = UnknownDomain },
        new("DELETE /api/projects/{id}/domains/{domainId}",                "401  404   403  403  404  404  404  401  403  404") { Values = UnknownDomain },
        new("GET /api/projects/{id}/traffic",                              "401  404   200  200  200  200  404  401  403  200") { Values = Project },

        new("GET /api/dashboard/stats",                                    "401  200   200  200  200  200  200  401  403  200"),

        // Notifications: the one in the path is the owner's.
        new("GET /api/notifications",                                      "401  200   200  200  200  200  200  401  403  200"),
        new("DELETE /api/notifications",                                   "401  204   204  204  204  204  204  401  403  204"),
        new("GET /api/notifications/unread",                               "401  200   200  200  200  200  200  401  403  200"),
        new("POST /api/notifications/read",                                "401  200   200  200  200  200  200  401  403  200") { Body = _ => new { } },
        new("POST /api/notifications/{id}/read",                           "401  404   404  404  404  204  404  401  403  404") { Values = async c => [await c.NotificationAsync()] },
        new("DELETE /api/notifications/{id}",                              "401  404   404  404  404  204  404  401  403  404") { Values = async c => [await c.NotificationAsync()] },
        new("GET /api/notifications/stream",                               "401  101   101  101  101  101  101  401  403  101") { Socket = true },

        // Outgoing webhooks of a project.
        new("GET /api/projects/{id}/webhooks",                             "401  404   403  403  200  200  404  401  403  200") { Values = async c => [await c.ProjectAsync()] },
        new("POST /api/projects/{id}/webhooks",                            "401  404   403  403  201  201  404  401  403  201") { Values = async c => [await c.ProjectAsync()], Body = _ => new { url = "https://hooks.example.com/a", events = new[] { "deployment.failed" } } },
        new("GET /api/projects/{id}/webhooks/{webhookId}",                 "401  404   403  403  200  200  404  401  403  200") { Values = Webhook },
        new("PUT /api/projects/{id}/webhooks/{webhookId}",                 "401  404   403  403  200  200  404  401  403  200") { Values = Webhook, Body = _ => new { url = "https://hooks.example.com/b", events = new[] { "deployment.failed" }, enabled = false } },
        new("DELETE /api/projects/{id}/webhooks/{webhookId}",              "401  404   403  403  204  204  404  401  403  204") { Values = Webhook },
        new("POST /api/projects/{id}/webhooks/{webhookId}/secret",         "401  404   403  403  200  200  404  401  403  200") { Values = Webhook },
        new("POST /api/projects/{id}/webhooks/{webhookId}/test",           "401  404   403  403  202  202  404  401  403  202") { Values = Webhook },
        new("GET /api/projects/{id}/webhooks/{webhookId}/deliveries",      "401  404   403  403  200  200  404  401  403  200") { Values = Webhook },
        new("POST /api/projects/{id}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver", "401 404 403 403 202 202 404 401 403 202") { Values = async c => await c.WebhookDeliveryAsync() },

        // Snippets: a private one of the organisation, or an unlisted one by its link.
        new("GET /api/snippets",                                           "401  404   200  200  200  200  404  401  403  200") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/snippets",                                          "401  404   403  201  201  201  404  401  403  201") { Body = c => new { title = "x", language = "python", code = "1", owner = c.Organization } },
        new("GET /api/snippets/export",                                    "401  404   200  200  200  200  404  401  403  200") { Query = c => $"?owner={c.Organization}" },
        new("POST /api/snippets/import",                                   "401  201   201  201  201  201  201  401  403  201") { Body = _ => new { snippets = new[] { new { title = "x", language = "python", code = "1" } } } },
        new("GET /api/snippets/{id}",                                      "404  404   200  200  200  200  404  401  403  200") { Values = Snippet },
        new("PUT /api/snippets/{id}",                                      "401  404   403  200  200  200  404  401  403  200") { Values = Snippet, Body = _ => new { version = 1, title = "y" } },
        new("DELETE /api/snippets/{id}",                                   "401  404   403  204  204  204  404  401  403  204") { Values = Snippet },
        new("POST /api/snippets/{id}/fork",                                "401  404   201  201  201  201  404  401  403  201") { Values = Snippet },
        new("PUT /api/snippets/{id}/star",                                 "401  404   200  200  200  200  404  401  403  200") { Values = Snippet },
        new("DELETE /api/snippets/{id}/star",                              "401  404   200  200  200  200  404  401  403  200") { Values = Snippet },
        new("GET /api/snippets/{id}/revisions",                            "401  404   200  200  200  200  404  401  403  200") { Values = Snippet },
        new("GET /api/snippets/{id}/revisions/{version}",                  "401  404   200  200  200  200  404  401  403  200") { Values = async c => [(await c.SnippetAsync()).Id, 1] },
        new("POST /api/snippets/{id}/revisions/{version}/restore",         "401  404   403  200  200  200  404  401  403  200") { Values = async c => [(await c.SnippetAsync()).Id, 1] },
        new("GET /api/snippets/shared/{shareId}",                          "200  200   200  200  200  200  200  401  403  200") { Values = SharedSnippet },
        new("GET /api/snippets/shared/{shareId}/embed",                    "200  200   200  200  200  200  200  401  403  200") { Values = SharedSnippet },
        new("POST /api/snippets/shared/{shareId}/fork",                    "401  201   201  201  201  201  201  401  403  201") { Values = SharedSnippet },
        new("GET /api/snippets/shared/{shareId}/raw",                      "200  200   200  200  200  200  200  401  403  200") { Values = SharedSnippet },

        // Execution. A run needs a worker: a language that is unknown, or not offered any more, shows as well who is let in. Stored runs are the owner's.
        new("POST /api/execute/execute",                                   "422  422   422  422  422  422  422  401  403  422") { Body = _ => new { language = "none", code = "" } },
        new("GET /api/execute/languages",                                  "200  200   200  200  200  200  200  401  403  200"),
        new("POST /api/execute/validate",                                   "422  422   422  422  422  422  422  401  403  422") { Body = _ => new { language = "none", code = "" } },
        new("GET /api/execute/stream/{session}",                            "101  101   101  101  101  101  101  401  403  101") { Values = _ => Task.FromResult<object[]>(["s"]), Socket = true },
        new("POST /api/execute/batch",                                      "401  202   202  202  202  202  202  401  403  202") { Body = _ => new { executions = new[] { new { language = "none", code = "" } } } },
        new("GET /api/execute/batch/{batchId}",                             "401  404   404  404  404  200  404  401  403  404") { Values = async c => [(await c.ExecutionAsync()).Batch] },
        new("DELETE /api/execute/history/{id}",                             "401  404   404  404  404  204  404  401  403  404") { Values = Execution },
        new("GET /api/execute/{id}",                                        "401  404   404  404  404  200  404  401  403  404") { Values = Execution },
        new("DELETE /api/execute/{id}",                                     "401  404   404  404  404  200  404  401  403  404") { Values = Execution },
        new("GET /api/execute/history",                                     "401  200   200  200  200  200  200  401  403  200"),
        new("DELETE /api/execute/history",                                  "401  204   204  204  204  204  204  401  403  204"),
        new("POST /api/snippets/{id}/run",                                  "404  404   409  409  409  409  404  401  403  409") { Values = async c => [(await c.LostSnippetAsync()).Id], Body = _ => new { }, MoreScopes = ["snippets:read"] },
        new("POST /api/snippets/shared/{shareId}/run",                      "409  409   409  409  409  409  409  401  403  409") { Values = async c => [(await c.LostSnippetAsync()).ShareId], Body = _ => new { } },
    ];

    private static RowValues Organization => c => Task.FromResult<object[]>([c.Organization]);

    private static RowValues Deployment => async c => [await c.DeploymentAsync()];

    private static RowValues Project => async c => [await c.ProjectAsync()];

    private static RowValues UnknownDomain => async c => [await c.ProjectAsync(), Guid.NewGuid()];

    private static RowValues Snippet => async c => [(await c.SnippetAsync()).Id];

    private static RowValues SharedSnippet => async c => [(await c.SnippetAsync(visibility: "unlisted")).ShareId!];

    private static RowValues Execution => async c => [(await c.ExecutionAsync()).Id];

    private static RowValues Webhook => async c => [.. (await c.WebhookDeliveryAsync()).Take(2)];

    private static RowValues Account => async c => [await c.AccountAsync()];

    private static Func<AccessCell, Task<object>> InvitationToken => async c => new { token = (await c.InvitationAsync()).Token };

    private static RowValues Unknown => _ => Task.FromResult<object[]>([Guid.NewGuid()]);

    private static RowValues Provider => _ => Task.FromResult<object[]>(["github"]);

    private static object Proof => new { password = ApiFactory.Password };

    private static object NewAccount() => new { name = "New", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password };
}

/// <param name="Route">Method and path as in the OpenAPI document.</param>
/// <param name="Expected">The statuses, in the order of <see cref="AccessActor"/>.</param>
internal sealed record RouteRow(string Route, string Expected)
{
    public RowValues? Values { get; init; }

    public Func<AccessCell, string>? Query { get; init; }

    public Func<AccessCell, object>? Body { get; init; }

    public Func<AccessCell, Task<object>>? MadeBody { get; init; }

    public bool FreshCaller { get; init; }

    public bool Socket { get; init; }

    public IReadOnlyList<string> MoreScopes { get; init; } = [];

    public IReadOnlyList<int> Statuses => [.. Expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
