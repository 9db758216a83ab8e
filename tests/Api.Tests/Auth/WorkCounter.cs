using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Auth;

/// <summary>What the answer to a request cost.</summary>
internal sealed class Work
{
    private int _hashes;
    private int _statements;

    /// <summary>Passwords that were hashed.</summary>
    public int Hashes => _hashes;

    /// <summary>Statements that the database was sent.</summary>
    public int Statements => _statements;

    public void AddHash() => Interlocked.Increment(ref _hashes);

    public void AddStatement() => Interlocked.Increment(ref _statements);
}

/// <summary>Counts what requests cost, and nothing that an instance does beside them.</summary>
internal sealed class WorkCounter : DbCommandInterceptor, IStartupFilter
{
    private readonly AsyncLocal<Work?> _ofRequest = new();
    private Work _next = new();

    /// <summary>The work of the requests that follow.</summary>
    public Work Begin() => _next = new Work();

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IStartupFilter>(this);
        services.ConfigureDbContext<PlatformDbContext>(options => options.AddInterceptors(this));
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<PlatformUser>>(
            provider => new CountingHasher(ActivatorUtilities.CreateInstance<PasswordHasher<PlatformUser>>(provider), () => _ofRequest.Value)));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            _ofRequest.Value = _next;
            return following(context);
        });
        next(app);
    };

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => Counted(result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => Counted(result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => Counted(result);

    private ValueTask<T> Counted<T>(T result)
    {
        _ofRequest.Value?.AddStatement();
        return ValueTask.FromResult(result);
    }

    private sealed class CountingHasher(IPasswordHasher<PlatformUser> hasher, Func<Work?> ofRequest) : IPasswordHasher<PlatformUser>
    {
        public string HashPassword(PlatformUser user, string password)
        {
            ofRequest()?.AddHash();
            return hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(PlatformUser user, string hashedPassword, string providedPassword)
        {
            ofRequest()?.AddHash();
            return hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
