namespace Platform.Core.Realtime;

/// <summary>One line of a deployment's log.</summary>
/// <param name="Seq">Number of the line in its deployment, from 1, without gaps.</param>
/// <param name="Timestamp">When it was printed.</param>
/// <param name="Level"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Message">The text, without its line end; secrets are already masked.</param>
public sealed record LogLine(long Seq, DateTimeOffset Timestamp, string Level, string Message);
