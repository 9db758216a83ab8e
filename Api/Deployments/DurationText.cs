using System.Globalization;

namespace Platform.Api.Deployments;

/// <summary>Durations as people read them.</summary>
internal static class DurationText
{
    /// <summary><c>34s</c>, <c>2m 34s</c>, <c>1h 2m</c>; null stays null.</summary>
    public static string? Of(int? seconds) => seconds switch
    {
        null => null,
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m {seconds % 60}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h {seconds / 60 % 60}m"),
    };

    /// <summary><c>mm:ss</c> since the start; never negative.</summary>
    public static string Clock(TimeSpan elapsed)
    {
        var seconds = Math.Max(0, (long)elapsed.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}");
    }
}
