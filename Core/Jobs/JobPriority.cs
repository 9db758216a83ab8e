namespace Platform.Core.Jobs;

/// <summary>Which of the waiting jobs of a queue is taken first; among equals the oldest.</summary>
public enum JobPriority
{
    /// <summary>After everything else.</summary>
    Low = -1,

    /// <summary>The default.</summary>
    Normal = 0,

    /// <summary>Before everything else.</summary>
    High = 1,
}
