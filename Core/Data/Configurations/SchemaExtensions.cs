using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Core.Data.Conventions;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data.Configurations;

/// <summary>What the tables have in common.</summary>
internal static class SchemaExtensions
{
    /// <summary>A check on a column that holds one of a few words; null passes.</summary>
    public static void HasAllowedValues<T>(this EntityTypeBuilder<T> builder, string property, params IEnumerable<string> values)
        where T : class
    {
        var column = SnakeCaseConvention.ToSnakeCase(property);
        var list = string.Join(", ", values.Select(value => $"'{value}'"));
        builder.ToTable(table => table.HasCheckConstraint($"ck_{builder.Metadata.GetTableName()}_{column}", $"{column} IN ({list})"));
    }

    /// <summary>The row belongs to an account and goes with it.</summary>
    public static ReferenceCollectionBuilder<PlatformUser, T> BelongsToUser<T>(
        this EntityTypeBuilder<T> builder, Expression<Func<T, object?>> foreignKey)
        where T : class
        => builder.HasOne<PlatformUser>().WithMany().HasForeignKey(foreignKey).OnDelete(DeleteBehavior.Cascade);

    public static void DefaultsToNow(this PropertyBuilder<DateTimeOffset> property) => property.HasDefaultValueSql("now()");
}
