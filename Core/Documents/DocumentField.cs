using System.Linq.Expressions;
using System.Text.Json;

namespace Platform.Core.Documents;

/// <summary>A field of a document.</summary>
/// <param name="Path">Its name as stored; a field of a part is <c>part.field</c>.</param>
/// <param name="IsNumber">It compares by value; all others compare as text.</param>
public sealed record DocumentField(string Path, bool IsNumber)
{
    internal static readonly DocumentField Id = new("id", IsNumber: false);

    /// <summary>The field that a lambda names (<c>x => x.Part.Field</c>).</summary>
    /// <exception cref="ArgumentException">The lambda is anything else.</exception>
    public static DocumentField Of(LambdaExpression lambda)
    {
        var body = lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : lambda.Body;
        var names = new Stack<string>();
        var at = body;
        while (at is MemberExpression member)
        {
            names.Push(JsonNamingPolicy.CamelCase.ConvertName(member.Member.Name));
            at = member.Expression;
        }

        if (at is not ParameterExpression || names.Count == 0 || names.Any(name => !name.All(char.IsAsciiLetterOrDigit)))
        {
            throw new ArgumentException($"'{lambda}' does not name a field.", nameof(lambda));
        }

        return new DocumentField(string.Join('.', names), Number(Nullable.GetUnderlyingType(body.Type) ?? body.Type));
    }

    private static bool Number(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
