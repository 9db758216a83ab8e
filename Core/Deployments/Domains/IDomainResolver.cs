namespace Platform.Core.Deployments.Domains;

/// <summary>Asks the domain name system.</summary>
public interface IDomainResolver
{
    /// <summary>The texts of the TXT records of a name.</summary>
    /// <exception cref="DomainResolverException">No server answered.</exception>
    Task<IReadOnlyList<string>> FindTextsAsync(string name, CancellationToken cancellationToken);

    /// <summary>The name that another one is an alias of, lower case and without a trailing dot; null when it is none.</summary>
    /// <exception cref="DomainResolverException">No server answered.</exception>
    Task<string?> FindAliasAsync(string name, CancellationToken cancellationToken);
}

/// <summary>The domain name system could not be asked.</summary>
public sealed class DomainResolverException(string message, Exception? innerException = null) : Exception(message, innerException);
