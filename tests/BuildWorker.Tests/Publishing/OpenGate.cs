using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Tests.Publishing;

/// <summary>Nobody collects garbage in these tests.</summary>
internal sealed class OpenGate : IArtifactGate
{
    public Task<IAsyncDisposable> EnterPublicationAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(new Nothing());

    public Task<IAsyncDisposable?> TryEnterCollectionAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new Nothing());

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
