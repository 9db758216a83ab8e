using System.Text;
using Platform.Api.Auth.SecondFactor;

namespace Platform.Api.Tests.SecondFactor;

public sealed class TotpTests
{
    // Both standards use this secret.
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, the rows of SHA-1.</summary>
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void The_vectors_of_RFC_6238_come_out(long seconds, string expected)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds));
        Totp.Compute(Secret, step, digits: 8).ShouldBe(expected);
        Totp.Compute(Secret, step).ShouldBe(expected[2..]);
    }

    /// <summary>RFC 4226, appendix D.</summary>
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void The_vectors_of_RFC_4226_come_out(long counter, string expected) => Totp.Compute(Secret, counter).ShouldBe(expected);

    [Theory, InlineData(-2, false), InlineData(-1, true), InlineData(0, true), InlineData(1, true), InlineData(2, false)]
    public void One_step_to_either_side_is_taken(int offset, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);
        var step = Totp.StepAt(now) + offset;
        Totp.FindStep(Secret, Totp.Compute(Secret, step), now).ShouldBe(taken ? step : null);
    }

    [Theory, InlineData(""), InlineData("00000"), InlineData("0000000"), InlineData("abcdef"), InlineData("٠١٢٣٤٥")]
    public void Nonsense_is_no_code(string code) => Totp.FindStep(Secret, code, DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBeNull();

    /// <summary>RFC 4648, section 10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_vectors_of_RFC_4648_come_out(string text, string expected) => Base32.Encode(Encoding.ASCII.GetBytes(text)).ShouldBe(expected);
}
