using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Platform.Core.Data.Conventions;

/// <summary>Names columns, keys, foreign keys and indexes in snake_case; what a configuration names itself stays as it is.</summary>
internal sealed class SnakeCaseConvention : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        var entities = modelBuilder.Metadata.GetEntityTypes().ToList();
        foreach (var property in entities.SelectMany(entity => entity.GetDeclaredProperties()))
            property.Builder.HasColumnName(ToSnakeCase(property.Name));

        // Default names of constraints are made of the names of tables and columns, so these come second.
        foreach (var entity in entities)
        {
            foreach (var key in entity.GetDeclaredKeys()) key.Builder.HasName(Lower(key.GetName()));
            foreach (var foreignKey in entity.GetDeclaredForeignKeys()) foreignKey.Builder.HasConstraintName(Lower(foreignKey.GetConstraintName()));
            foreach (var index in entity.GetDeclaredIndexes()) index.Builder.HasDatabaseName(Lower(index.GetDatabaseName()));
        }
    }

    internal static string ToSnakeCase(string name)
    {
        // A brand is one word.
        var source = name.Replace("GitHub", "Github", StringComparison.Ordinal);
        var result = new StringBuilder(source.Length + 8);
        for (var i = 0; i < source.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(source[i]) &&
                (!char.IsUpper(source[i - 1]) || (i + 1 < source.Length && char.IsLower(source[i + 1])));
            if (startsWord) result.Append('_');
            result.Append(char.ToLower(source[i], CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    // Names of PostgreSQL are lower case; CA1308 is about normalising for comparison.
#pragma warning disable CA1308
    private static string? Lower(string? name) => name?.ToLowerInvariant();
#pragma warning restore CA1308
}
