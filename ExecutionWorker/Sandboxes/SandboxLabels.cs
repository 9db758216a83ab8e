using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Labels by which the sandboxes of this process are found, and removed when it is gone.</summary>
internal sealed class SandboxLabels(IOptions<ContainerOptions> options, WorkerIdentity identity)
{
    public const string Kind = "sandbox";
    public const string LanguageLabel = "autostack.language";

    public IReadOnlyDictionary<string, string> For(Language language) => new Dictionary<string, string>
    {
        [ContainerLabels.Platform] = options.Value.Platform,
        [ContainerLabels.Kind] = Kind,
        [ContainerLabels.Worker] = identity.Name,
        [LanguageLabel] = language.Id,
    };
}
