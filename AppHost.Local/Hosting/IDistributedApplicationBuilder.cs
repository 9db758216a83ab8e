using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Collects the app model.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Configuration of the app host: its settings files, the environment and the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The directory of the app host's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>The environment's name; Development where nothing else is said.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The resources in the order they were added.</summary>
    IList<IResource> Resources { get; }

    /// <summary>Adds a resource to the model.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Makes a builder for a resource without adding it.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Makes the application from the model.</summary>
    DistributedApplication Build();
}

/// <summary>Adds to what the model says about one resource.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The builder of the whole model.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>Adds an annotation to the resource.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;
}

/// <summary>A project of the solution, as the build describes it to the app host.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }

    /// <summary>The assembly that the build made of it.</summary>
    string TargetPath { get; }
}

/// <summary>How the application is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The directory of the app host's project; found through its assembly when null.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether the dashboard is left out.</summary>
    public bool DisableDashboard { get; set; }
}

/// <summary>The model cannot be run.</summary>
public class DistributedApplicationException(string message) : Exception(message);
