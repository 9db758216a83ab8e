using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when configuration has none.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerLetters = "abcdefghijkmnpqrstuvwxyz";
    private const string UpperLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Specials = "-_.{}~()*+!";

    /// <summary>The number of characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether small letters occur.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether capital letters occur.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits occur.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether punctuation occurs.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        var alphabet = (Lower ? LowerLetters : "") + (Upper ? UpperLetters : "") + (Numeric ? Digits : "") + (Special ? Specials : "");
        return alphabet.Length == 0
            ? throw new InvalidOperationException("A generated parameter needs at least one kind of character.")
            : RandomNumberGenerator.GetString(alphabet, MinLength);
    }
}

/// <summary>A value that comes from outside the model: configuration, or a default that is kept.</summary>
public class ParameterResource : Resource, IValueProvider
{
    private readonly Lazy<string> _value;

    /// <summary>Creates the parameter; <paramref name="callback"/> is called once, when the value is first needed.</summary>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        Secret = secret;
        _value = new(() => callback(Default));
    }

    /// <summary>Used when configuration has no value.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether the value is masked wherever it is shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether the value is kept in the data directory once it was generated.</summary>
    internal bool Persist { get; init; }

    internal string CurrentValue => _value.Value;

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(CurrentValue);
}

/// <summary>A connection string from configuration: a store that runs elsewhere.</summary>
internal sealed class ConnectionStringParameterResource(string name, Func<string> value, string? environmentVariableName)
    : ParameterResource(name, _ => value(), secret: true), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable => environmentVariableName;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}
