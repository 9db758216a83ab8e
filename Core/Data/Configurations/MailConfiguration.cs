using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

internal sealed class MailConfiguration : IEntityTypeConfiguration<Mail>
{
    public void Configure(EntityTypeBuilder<Mail> builder)
    {
        builder.ToTable("mails");
        builder.HasAllowedValues(nameof(Mail.Kind), MailKind.Mail, MailKind.Request);
        builder.Property(mail => mail.Kind).HasMaxLength(20);
        builder.Property(mail => mail.Attempts).HasDefaultValue(0);
        builder.Property(mail => mail.NextAttemptAt).DefaultsToNow();
        builder.Property(mail => mail.Error).HasMaxLength(200);
        builder.Property(mail => mail.CreatedAt).DefaultsToNow();
        builder.HasIndex(mail => mail.NextAttemptAt).HasFilter("sent_at IS NULL AND failed_at IS NULL");
        builder.HasIndex(mail => mail.CreatedAt);
    }
}
