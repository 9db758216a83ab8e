using System.Text;

namespace Platform.Core.Jobs.Execution;

/// <summary>What is kept of an exception: kinds and messages, no stack, bounded.</summary>
internal static class JobError
{
    private const int MaxLength = 4000;

    public const string WorkerLost = "The worker that ran the job stopped without a word; its lease ran out.";

    public static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (var current = exception; current is not null && text.Length < MaxLength; current = current.InnerException)
        {
            if (text.Length > 0) text.Append(" <- ");
            text.Append(current.GetType().Name).Append(": ").Append(current.Message);
        }

        // PostgreSQL's text has no NUL.
        text.Replace("\0", "\uFFFD");
        return text.Length <= MaxLength ? text.ToString() : text.ToString(0, MaxLength);
    }
}
