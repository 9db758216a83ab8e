using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Auth.Tokens;

namespace Platform.Api.Tests.Auth;

public sealed class JsonWebSignatureTests
{
    // RFC 7515, appendix A.1.
    private const string Key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private const string Header = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string Signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static readonly byte[] KeyBytes = Base64Url.DecodeFromChars(Key);
    private readonly JsonWebSignature _signature = new(KeyBytes);

    [Fact]
    public void The_vector_of_the_rfc_verifies()
    {
        var payload = _signature.Verify($"{Header}.{Payload}.{Signature}").ShouldNotBeNull();
        Encoding.UTF8.GetString(payload).ShouldBe("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    }

    // RFC 7519, section 6.1: a token without a signature is a token for nobody.
    [Fact]
    public void The_unsecured_token_of_the_rfc_is_refused() =>
        _signature.Verify(
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.").ShouldBeNull();

    // RFC 7519, section 3.1: the same claims and key as RFC 7515 has; read as claims.
    [Fact]
    public void The_claims_of_the_rfc_are_read()
    {
        var claims = System.Text.Json.JsonElement.Parse(_signature.Verify($"{Header}.{Payload}.{Signature}")!);
        claims.GetProperty("iss").GetString().ShouldBe("joe");
        claims.GetProperty("exp").GetInt64().ShouldBe(1300819380);
        claims.GetProperty("http://example.com/is_root").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("first", "first")]
    [InlineData(null, null)]
    public void A_token_names_its_key(string? keyId, string? expected) =>
        JsonWebSignature.FindKeyId(new JsonWebSignature(KeyBytes, keyId).Sign("{}"u8)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("%%%.a.b")]
    [InlineData("eyJraWQiOjd9.a.b")]
    [InlineData("W10.a.b")]
    public void A_header_that_says_nothing_names_no_key(string token) => JsonWebSignature.FindKeyId(token).ShouldBeNull();

    [Fact]
    public void What_is_signed_verifies()
    {
        var token = _signature.Sign("""{"a":1}"""u8);
        Encoding.UTF8.GetString(_signature.Verify(token).ShouldNotBeNull()).ShouldBe("""{"a":1}""");
        new JsonWebSignature(new byte[32]).Verify(token).ShouldBeNull();
    }

    [Fact]
    public void Any_changed_character_is_noticed()
    {
        var token = _signature.Sign("""{"a":1}"""u8);
        // The last character of each part can carry bits that mean nothing.
        foreach (var at in Enumerable.Range(0, token.Length - 1).Where(at => token[at] != '.' && token[at + 1] != '.'))
        {
            var changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            _signature.Verify(changed).ShouldBeNull(changed);
        }
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("not json")]
    public void A_header_that_is_not_ours_is_refused_even_with_a_good_signature(string header)
    {
        var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Payload}";
        var signature = Base64Url.EncodeToString(HMACSHA256.HashData(KeyBytes, Encoding.ASCII.GetBytes(input)));
        _signature.Verify($"{input}.{signature}").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("%%%.%%%.%%%")]
    [InlineData(Header + "." + Payload + ".")]
    public void Garbage_is_no_token(string text) => _signature.Verify(text).ShouldBeNull();
}
