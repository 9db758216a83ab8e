using System.Security.Cryptography;
using Platform.Api.Auth.Tokens;

namespace Platform.Api.Tests.Auth;

public sealed class RefreshTokenTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void A_token_reads_back()
    {
        var session = Guid.NewGuid();
        var token = RefreshToken.Create(Key, session);
        var read = RefreshToken.Parse(Key, token.ToString()).ShouldNotBeNull();
        read.SessionId.ShouldBe(session);
        read.Hash.ShouldBe(token.Hash);
        token.Hash.Length.ShouldBe(64);
    }

    [Fact]
    public void The_successor_is_always_the_same_and_never_the_token_itself()
    {
        var token = RefreshToken.Create(Key, Guid.NewGuid());
        token.Next(Key).ToString().ShouldBe(token.Next(Key).ToString());
        token.Next(Key).ToString().ShouldNotBe(token.ToString());
        token.Next(Key).SessionId.ShouldBe(token.SessionId);
        RefreshToken.Create(Key, token.SessionId).Hash.ShouldNotBe(token.Hash);
    }

    [Fact]
    public void What_another_key_made_is_not_ours() =>
        RefreshToken.Parse(RandomNumberGenerator.GetBytes(32), RefreshToken.Create(Key, Guid.NewGuid()).ToString()).ShouldBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("%")]
    public void Garbage_is_no_token(string? text) => RefreshToken.Parse(Key, text).ShouldBeNull();
}
