using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common;

namespace Platform.Api.Tests.Auth;

public sealed class SessionPrincipalsTests
{
    private readonly SessionPrincipals _principals = new();
    private readonly AccessToken _token = Token();

    [Fact]
    public void Requests_with_the_same_token_share_who_they_are()
    {
        var first = _principals.Find(_token, Session(), "bearer");

        _principals.Find(_token, Session(), "bearer").ShouldBeSameAs(first);
        CurrentUser.From(first).ShouldBe(new CurrentUser(_token.UserId, _token.SessionId, "a@example.org", "Ada", PlatformRoles.User));
        CurrentUser.From(first).ShouldBeSameAs(CurrentUser.From(first));
        first.Partition.ShouldBe($"user:{_token.UserId:N}");
    }

    [Fact]
    public void What_changed_about_the_session_counts_at_once()
    {
        _principals.Find(_token, Session(), "bearer").IsInRole(PlatformRoles.Admin).ShouldBeFalse();

        var admin = _principals.Find(_token, Session() with { Role = PlatformRoles.Admin }, "bearer");
        CurrentUser.From(admin)!.IsAdmin.ShouldBeTrue();
        admin.HasClaim(claim => claim.Type == PlatformClaims.Unverified).ShouldBeFalse();

        _principals.Find(_token, Session() with { EmailVerified = false }, "bearer").HasClaim(claim => claim.Type == PlatformClaims.Unverified).ShouldBeTrue();
        CurrentUser.From(_principals.Find(_token, Session(), "bearer"))!.IsAdmin.ShouldBeFalse("the right was taken back");
    }

    [Fact]
    public void A_token_in_a_cookie_is_not_taken_for_one_in_a_header()
    {
        _principals.Find(_token, Session(), "bearer").HasClaim(PlatformClaims.Method, PlatformClaims.MethodCookie).ShouldBeFalse();
        _principals.Find(_token, Session(), PlatformClaims.MethodCookie).HasClaim(PlatformClaims.Method, PlatformClaims.MethodCookie).ShouldBeTrue();
        _principals.Find(_token, Session(), "bearer").HasClaim(PlatformClaims.Method, PlatformClaims.MethodCookie).ShouldBeFalse();
    }

    [Fact]
    public void Another_token_is_another_principal()
    {
        var other = Token();

        CurrentUser.From(_principals.Find(other, Session(), "bearer"))!.Id.ShouldBe(other.UserId);
        CurrentUser.From(_principals.Find(_token, Session(), "bearer"))!.Id.ShouldBe(_token.UserId);
    }

    private static AccessToken Token() =>
        new(Guid.NewGuid(), "a@example.org", "Ada", Guid.NewGuid(), PlatformRoles.Admin, 0, 0, AccessTokens.Issuer, AccessTokens.Audience, Guid.NewGuid());

    // A new one each time, as each look at the database makes one.
    private LiveSession Session() => new(_token.UserId, PlatformRoles.User, EmailVerified: true, DateTimeOffset.UnixEpoch, "Firefox");
}
