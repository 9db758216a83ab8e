namespace Platform.Core.Deployments;

/// <summary>Addresses of published sites.</summary>
public sealed class SiteOptions
{
    public const string SectionName = "Sites";

    /// <summary>Base address of all sites (<c>CDN_URL</c>); a site is a sub-domain of its host. Empty: <c>apps.localhost</c> on the port of Web.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Name servers that are asked about users' domains, separated by commas (<c>SITES_NAME_SERVERS</c>). Empty: those of this host.</summary>
    public string NameServers { get; set; } = "";

    /// <summary>Host names that no site may have, separated by commas (<c>SITES_RESERVED_HOSTS</c>), beside those of the platform's own addresses.</summary>
    public string ReservedHosts { get; set; } = "";
}

/// <summary>Host names that users cannot claim for their sites: the platform's own, and what lies below them.</summary>
public sealed class ReservedHosts(IEnumerable<string> hosts)
{
    private readonly string[] _hosts = [.. hosts.Where(host => host.Length > 0)];

    /// <param name="host">A normalised host name.</param>
    public bool Contains(string host) =>
        _hosts.Any(reserved => host == reserved || host.EndsWith("." + reserved, StringComparison.Ordinal) || reserved.EndsWith("." + host, StringComparison.Ordinal));
}

/// <summary>Makes and reads the host names of sites: <c>slug.domain</c>, <c>id--slug.domain</c> for one deployment, and <c>name--slug.domain</c> for a branch.</summary>
public sealed class SiteAddresses
{
    /// <summary>A label has 63 characters; 32 are the id's and 2 the separator's.</summary>
    public const int MaxSlugLength = 29;

    private const string Separator = "--";
    private readonly Uri _base;

    public SiteAddresses(SiteOptions options)
    {
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidOperationException($"{SiteOptions.SectionName}:{nameof(SiteOptions.BaseUrl)} must be an http or https address, such as http://apps.localhost:8080.");
        _base = address;
    }

    /// <summary>The domain of all sites, without a port.</summary>
    public string Domain => _base.IdnHost;

    /// <summary>Domain and port as they stand in an address.</summary>
    public string Authority => _base.Authority;

    /// <summary>The form in which host names are compared: a request may write one with a trailing dot and in any case.</summary>
    public static string NormalizeHost(string host) => (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();

    /// <summary>The address that always shows the current production deployment.</summary>
    public string Production(string slug) => $"{_base.Scheme}://{slug}.{_base.Authority}";

    /// <summary>The address of one deployment, which never changes.</summary>
    public string Immutable(Guid deploymentId, string slug) => $"{_base.Scheme}://{deploymentId:N}{Separator}{slug}.{_base.Authority}";

    /// <summary>The address that always shows the newest success of a branch or of a pull request.</summary>
    public string Branch(string alias, string slug) => $"{_base.Scheme}://{alias}{Separator}{slug}.{_base.Authority}";

    /// <summary>Reads a host name (without port). False when it is not a site's.</summary>
    public bool TryRead(string host, out SiteHost site)
    {
        site = default;
        host = NormalizeHost(host);
        if (!host.EndsWith("." + Domain, StringComparison.Ordinal)) return false;
        var label = host[..^(Domain.Length + 1)];
        if (label.Length == 0 || label.Contains('.', StringComparison.Ordinal)) return true;
        // Neither ids, in whatever form, nor names of branches have a double dash: the first one separates.
        var cut = label.IndexOf(Separator, StringComparison.Ordinal);
        if (cut < 0) site = new SiteHost(label, null);
        else if (Guid.TryParse(label[..cut], out var id)) site = new SiteHost(label[(cut + Separator.Length)..], id);
        else if (BranchAliases.IsName(label[..cut])) site = new SiteHost(label[(cut + Separator.Length)..], null, label[..cut]);
        return true;
    }
}

/// <summary>The site that a host name names; without a slug it lies under the sites' domain but names none.</summary>
/// <param name="Slug">The project's.</param>
/// <param name="DeploymentId">The one deployment it shows.</param>
/// <param name="Alias">The branch it shows; see <see cref="BranchAliases"/>.</param>
public readonly record struct SiteHost(string? Slug, Guid? DeploymentId, string? Alias = null);
