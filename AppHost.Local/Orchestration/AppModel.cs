using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Questions about who needs whom.</summary>
internal static class AppModel
{
    /// <summary>The resources whose process this one waits for; a database stands for its server as well.</summary>
    public static IEnumerable<WaitAnnotation> Waits(IResource resource) => resource.Annotations.OfType<WaitAnnotation>();

    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle, or for one that is not in the model.</exception>
    public static void Validate(IReadOnlyCollection<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var wait in Waits(resource))
            {
                if (!resources.Contains(wait.Resource))
                    throw new DistributedApplicationException($"'{resource.Name}' waits for '{wait.Resource.Name}', which is not in the model.");
            }

            if (Reaches(resource, resource, []))
                throw new DistributedApplicationException($"'{resource.Name}' waits, through others, for itself.");
        }
    }

    /// <summary>The process that a resource lives in: itself, or its parent.</summary>
    public static IResource HostOf(IResource resource) => resource is IResourceWithParent child ? HostOf(child.Parent) : resource;

    private static bool Reaches(IResource from, IResource target, HashSet<IResource> seen)
    {
        foreach (var wait in Waits(from))
        {
            if (ReferenceEquals(HostOf(wait.Resource), target)) return true;
            if (seen.Add(wait.Resource) && Reaches(HostOf(wait.Resource), target, seen)) return true;
        }

        return false;
    }
}
