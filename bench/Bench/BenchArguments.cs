using System.Globalization;

namespace Platform.Bench;

/// <summary>What is measured, and against what.</summary>
internal sealed record BenchArguments
{
    private static readonly string[] Names = ["execution", "run", "snippets", "queue", "deployments", "files", "rollback", "lists", "all"];

    public required string Name { get; init; }

    public Uri Api { get; init; } = new("http://localhost:8081");

    public Uri Web { get; init; } = new("http://localhost:8080");

    /// <summary>The platform's database; null: what needs it is left out.</summary>
    public string? Database { get; init; }

    /// <summary>Host name of a published site whose files are measured; null: one is deployed.</summary>
    public string? Site { get; init; }

    public int Samples { get; init; } = 50;

    /// <summary>Of execution, two parts have names of their own: what is worked on most is measured most.</summary>
    public bool Runs(string name) => Name is "all" || Name == name || (Name == "execution" && name is "run" or "snippets");

    /// <summary>Null when they make no sense.</summary>
    public static BenchArguments? Parse(string[] args)
    {
        var name = args is [var first, ..] && !first.StartsWith('-') ? first : "all";
        if (!Names.Contains(name)) return null;
        var result = new BenchArguments { Name = name, Database = Environment.GetEnvironmentVariable("ConnectionStrings__platform") };
        for (var at = args.Length > 0 && args[0] == name ? 1 : 0; at < args.Length; at += 2)
        {
            if (at + 1 == args.Length || result.With(args[at], args[at + 1]) is not { } next) return null;
            result = next;
        }

        return result;
    }

    private BenchArguments? With(string option, string value) => option switch
    {
        "--api" when Uri.TryCreate(value, UriKind.Absolute, out var api) => this with { Api = api },
        "--web" when Uri.TryCreate(value, UriKind.Absolute, out var web) => this with { Web = web },
        "--site" => this with { Site = value },
        "--database" => this with { Database = value },
        "--samples" when int.TryParse(value, CultureInfo.InvariantCulture, out var samples) && samples > 0 => this with { Samples = samples },
        _ => null,
    };
}
