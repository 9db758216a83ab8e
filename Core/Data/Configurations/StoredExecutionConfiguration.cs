using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class StoredExecutionConfiguration : IEntityTypeConfiguration<StoredExecution>
{
    public void Configure(EntityTypeBuilder<StoredExecution> builder)
    {
        builder.ToTable("executions");
        builder.HasAllowedValues(nameof(StoredExecution.Mode), ExecutionMode.All);
        builder.HasAllowedValues(nameof(StoredExecution.Status), ExecutionStatus.All);
        builder.HasAllowedValues(nameof(StoredExecution.CallbackState), ExecutionCallbackState.All);
        builder.BelongsToUser(execution => execution.UserId);

        builder.Property(execution => execution.Language).HasMaxLength(50);
        builder.Property(execution => execution.Mode).HasMaxLength(10);
        builder.Property(execution => execution.Status).HasMaxLength(20).HasDefaultValue(ExecutionStatus.Queued);
        builder.Property(execution => execution.Verdict).HasMaxLength(30);
        builder.Property(execution => execution.Attempts).HasDefaultValue(0);
        builder.Property(execution => execution.CancelRequested).HasDefaultValue(false);
        builder.Property(execution => execution.AwaitsImage).HasDefaultValue(false);
        builder.Property(execution => execution.CallbackState).HasMaxLength(20);
        builder.Property(execution => execution.CallbackAttempts).HasDefaultValue(0);
        builder.Property(execution => execution.CreatedAt).DefaultsToNow();

        builder.HasIndex(execution => new { execution.OwnerId, execution.CreatedAt, execution.Id }).IsDescending(false, true, true);
        builder.HasIndex(execution => execution.UserId);
        builder.HasIndex(execution => execution.BatchId).HasFilter("batch_id IS NOT NULL");
        builder.HasIndex(execution => execution.CompletedAt);
        // Nearly all rows are of the past; these two are what is looked for all the time.
        builder.HasIndex(execution => new { execution.OwnerId, execution.CreatedAt }, "ix_executions_unfinished").HasFilter("status <> 'completed'");
        builder.HasIndex(execution => execution.CallbackNextAt, "ix_executions_callbacks").HasFilter("callback_state = 'pending'");
    }
}
