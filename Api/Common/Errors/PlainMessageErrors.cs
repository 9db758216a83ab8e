namespace Platform.Api.Common.Errors;

/// <summary>Marks endpoints that speak another system's protocol, whose errors are <c>{"message":"…"}</c>.</summary>
internal sealed class PlainMessageErrors
{
    public static PlainMessageErrors Instance { get; } = new();
}
