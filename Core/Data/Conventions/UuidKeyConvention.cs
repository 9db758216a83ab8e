using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace Platform.Core.Data.Conventions;

/// <summary>Keys are time-ordered UUIDs made by the process; rows that come by plain SQL get a random one from the server.</summary>
internal sealed class UuidKeyConvention : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (entity.FindPrimaryKey() is not { Properties: [var key] } || key.ClrType != typeof(Guid) || key.IsForeignKey()) continue;
            key.Builder.HasDefaultValueSql("gen_random_uuid()");
            key.Builder.ValueGenerated(ValueGenerated.OnAdd);
            key.Builder.HasValueGenerator(typeof(Version7Generator));
        }
    }

    internal sealed class Version7Generator : ValueGenerator<Guid>
    {
        public override bool GeneratesTemporaryValues => false;

        public override Guid Next(EntityEntry entry) => Guid.CreateVersion7();
    }
}
