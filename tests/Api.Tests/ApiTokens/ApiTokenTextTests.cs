using Platform.Api.ApiTokens;

namespace Platform.Api.Tests.ApiTokens;

public sealed class ApiTokenTextTests
{
    [Fact]
    public void A_token_has_the_form_that_scanners_look_for_and_is_never_the_same()
    {
        var tokens = Enumerable.Range(0, 200).Select(_ => ApiTokenText.Create()).ToList();

        foreach (var token in tokens) token.ShouldMatch("^ast_[0-9A-Za-z]{36}$");
        tokens.ShouldAllBe(token => ApiTokenText.IsValid(token));
        tokens.ShouldBeUnique();
    }

    /// <summary>The check is part of the published form: a token that was made once stays one.</summary>
    [Theory]
    [InlineData("ast_000000000000000000000000000000" + "10IUsd")]
    [InlineData("ast_ABCDEFGHIJKLMNOPQRSTUVWXYZabcd" + "0rN97e")]
    public void The_check_does_not_change(string token) => ApiTokenText.IsValid(token).ShouldBeTrue();

    [Fact]
    public void Every_single_typo_is_noticed()
    {
        var token = ApiTokenText.Create();
        for (var position = ApiTokenText.Prefix.Length; position < token.Length; position++)
        {
            var typo = token.ToCharArray();
            typo[position] = typo[position] == 'a' ? 'b' : 'a';
            ApiTokenText.IsValid(new string(typo)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ast_")]
    [InlineData("ast_äääääääääääääääääääääääääääääääääääää")]
    [InlineData("ghp_000000000000000000000000000000000000")]
    public void Other_texts_are_none(string text) => ApiTokenText.IsValid(text).ShouldBeFalse();
}
