using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Platform.Core.Deployments.Domains;

/// <summary>Host names as users type them.</summary>
public static class DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    /// <summary>Brings a name into the form in which it is stored and compared: ASCII, lower case, no trailing dot. Refuses addresses, ports and single labels.</summary>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        var name = text?.Trim() ?? "";
        if (name.EndsWith('.')) name = name[..^1];
        if (name.Length is 0 or > MaxLength) return false;
        try
        {
            // Host names are lower case; CA1308 is about comparing texts.
#pragma warning disable CA1308
            name = Idn.GetAscii(name.ToLowerInvariant()).ToLowerInvariant();
#pragma warning restore CA1308
        }
        catch (ArgumentException)
        {
            return false;
        }

        var labels = name.Split('.');
        if (name.Length > MaxLength || labels.Length < 2 || labels.Any(label => !IsLabel(label))) return false;
        // 127.0.0.1 is made of labels as well.
        if (labels[^1].All(char.IsAsciiDigit)) return false;
        host = name;
        return true;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-' && label.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
