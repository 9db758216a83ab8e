using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

[Trait("Category", "Integration")]
public sealed class DataProtectionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task What_one_process_protects_another_reads()
    {
        await using var one = Process();
        await using var other = Process();

        var secret = one.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("value");

        secret.ShouldNotContain("value");
        other.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret).ShouldBe("value");
        await using var context = postgres.CreateContext();
        (await context.DataProtectionKeys.SingleAsync()).Xml.ShouldStartWith("<key");
    }

    private ServiceProvider Process()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<PlatformDbContext>(options => options.UseNpgsql(postgres.ConnectionString).UsePlatformModel());
        services.AddPlatformDataProtection();
        return services.BuildServiceProvider();
    }
}
