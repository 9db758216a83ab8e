namespace Platform.Core.Containers;

/// <summary>A container engine (Docker). Ids are the engine's. Every call can throw <see cref="ContainerEngineException"/>.</summary>
public interface IContainerEngine
{
    /// <summary>Version and abilities; also the health probe.</summary>
    Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>Creates a container without starting it. A cancelled call leaves none behind.</summary>
    /// <returns>Its id.</returns>
    Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>Starts a container; nothing happens when it runs already.</summary>
    Task StartAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Attaches to the main process both ways. Attach before start to miss nothing.</summary>
    Task<IContainerStream> AttachAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Sets the terminal size of a container created with <see cref="ContainerSpec.Tty"/>.</summary>
    Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken);

    /// <summary>Starts another process in a running container, attached both ways.</summary>
    Task<IContainerExec> ExecAsync(string containerId, ExecSpec spec, CancellationToken cancellationToken);

    /// <summary>Unpacks a tar archive into a directory of the container. Neither a read-only root nor a tmpfs can be written this way.</summary>
    Task CopyToAsync(string containerId, string directory, Stream tar, CancellationToken cancellationToken);

    /// <summary>A tar archive of a file or directory of the container. Dispose the stream.</summary>
    Task<Stream> CopyFromAsync(string containerId, string path, CancellationToken cancellationToken);

    /// <summary>Waits until the main process of a started container has ended. An unread attached stream of a flooding container must be closed first.</summary>
    Task<ContainerExit> WaitAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Changes the memory and the processes that a container may have, also while it runs; what is null stays.</summary>
    Task UpdateAsync(string containerId, ContainerLimits limits, CancellationToken cancellationToken);

    /// <summary>Sends a signal to the main process; nothing happens when the container does not run.</summary>
    Task KillAsync(string containerId, string signal, CancellationToken cancellationToken);

    /// <summary>Freezes all processes of a container, as they are, until <see cref="ResumeAsync"/>; nothing happens when they are frozen already. Killing and removing go through.</summary>
    /// <exception cref="ContainerEngineException">It does not run.</exception>
    Task PauseAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Lets a frozen container go on; nothing happens when it is not frozen.</summary>
    Task ResumeAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>One sample of the container's resource use; all zero when it does not run.</summary>
    Task<ContainerStats> GetStatsAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>The container's state, or null when there is none with this id.</summary>
    Task<ContainerState?> FindAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Kills and removes the container with its anonymous volumes; nothing happens when it is gone.</summary>
    Task RemoveAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Containers, running or not, that carry all the given labels.</summary>
    Task<IReadOnlyList<ContainerSummary>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Whether the engine has an image of this name or id.</summary>
    Task<bool> ImageExistsAsync(string image, CancellationToken cancellationToken);

    /// <summary>Builds an image from a tar archive of its context with the <c>Dockerfile</c> in its root.</summary>
    /// <exception cref="ContainerEngineException">The build failed; the message is the engine's.</exception>
    Task BuildImageAsync(ImageBuild build, Stream contextTar, IProgress<string> output, CancellationToken cancellationToken);

    /// <summary>Images that carry all the given labels.</summary>
    Task<IReadOnlyList<ImageSummary>> ListImagesAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Removes an image; nothing happens when it is gone.</summary>
    Task RemoveImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Creates a bridge network.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ContainerEngineException">The name is taken, or the subnet overlaps another.</exception>
    Task<string> CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken);

    /// <summary>Removes a network; nothing happens when it is gone.</summary>
    Task RemoveNetworkAsync(string network, CancellationToken cancellationToken);

    /// <summary>Networks that carry all the given labels.</summary>
    Task<IReadOnlyList<NetworkSummary>> ListNetworksAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);
}
