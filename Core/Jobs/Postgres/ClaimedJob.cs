using System.Data.Common;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>A job under this worker's lease.</summary>
/// <param name="Token">What proves the lease: an update that does not carry the row's token changes nothing.</param>
internal sealed record ClaimedJob(
    Guid Id, JobAttempt Attempt, int Number, int MaxAttempts, Guid Token, string? LastError, short Priority, long Seq)
{
    /// <summary>Reads what <see cref="JobSql.Claim"/> returns.</summary>
    public static ClaimedJob Read(DbDataReader row) => new(
        row.GetGuid(0),
        new JobAttempt(row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 7), row.GetFieldValue<TimeSpan>(8)),
        row.GetInt32(4),
        row.GetInt32(5),
        row.GetGuid(6),
        Text(row, 9),
        row.GetInt16(10),
        row.GetInt64(11));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
