using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.Core.Jobs;
using Platform.ExecutionWorker.Images;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>The worker's handler of runs with real sandboxes, and an Api that is nothing but the socket it connects back to.</summary>
public sealed class WorkerHarness : IAsyncLifetime, IDisposable
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<WebSocket>> _waiting = new();
    private readonly ConcurrentDictionary<WebSocket, TaskCompletionSource> _open = new();
    private readonly IOptions<ContainerOptions> _containers = Options.Create(new ContainerOptions
    {
        Platform = "execution-contract-tests",
        Endpoint = Environment.GetEnvironmentVariable("DOCKER_HOST"),
    });
    private WebApplication? _api;
    private WorkerIdentity? _identity;
    private SandboxFactory? _factory;
    private SandboxRemover? _remover;

    internal IContainerEngine Engine { get; private set; } = null!;

    internal LanguageCatalog Catalog { get; private set; } = LanguageCatalog.Load("languages.yaml");

    internal SandboxRegistry Registry { get; } = new();

    internal SandboxPools Pools { get; private set; } = null!;

    internal RunCodeJobHandler Handler { get; private set; } = null!;

    internal ImageWaits Waits { get; private set; } = null!;

    /// <summary>The runtime of all sandboxes; <c>./platform test gvisor</c> names another than the engine's own.</summary>
    internal static string? Runtime { get; } = Environment.GetEnvironmentVariable("PLATFORM_TEST_SANDBOX_RUNTIME");

    /// <summary>A short run ends within it, also on a machine that stands still for seconds.</summary>
    internal static TimeSpan DrainTimeout { get; } = TimeSpan.FromSeconds(10);

    internal ExecutionWorkerOptions Settings { get; } = new()
    {
        PoolSize = 0,
        DrainTimeout = DrainTimeout,
        Runtime = Runtime,
        ImageSources = Directory.CreateTempSubdirectory("image-sources-").FullName,
    };

    /// <summary>A language whose image is absent; a test that needs it writes its Dockerfile.</summary>
    internal Language OnDemand { get; private set; } = null!;

    /// <summary>What the builder of images has told: the numbers of its events.</summary>
    internal EventLog<ImageBuilder> Builds { get; } = new();

    /// <summary>A language that the tests add: its compiler is Python.</summary>
    internal const string Compiled = "compiled";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _api = builder.Build();
        _api.UseWebSockets();
        _api.Map(RunChannel.CallbackPath + "{id:guid}", AcceptAsync);
        await _api.StartAsync(CancellationToken.None);

        var python = Catalog.Find("python")!;
        Catalog = new LanguageCatalog(
        [
            .. Catalog.Languages,
            python with
            {
                Id = Compiled, Aliases = [], Compile = ["python3", "-c", Compiler, "{file}"], Check = null, Run = ["python3", "built.py"],
                Limits = python.Limits with { CompileSeconds = 10 },
            },
            python with { Id = "no-image", Aliases = [], Image = "autostack/no-such-image:latest" },
            OnDemand = python with { Id = "on-demand", Name = "Tiny", Aliases = [], Image = $"autostack/test-{Guid.NewGuid():N}:latest" },
        ]);
        Engine = ContainerEngineExtensions.Create(_containers.Value, TimeProvider.System);
        _identity = new WorkerIdentity(_containers);
        var settings = Options.Create(Settings);
        _factory = new SandboxFactory(Engine, new SandboxLabels(_containers, _identity), Registry, settings, TimeProvider.System);
        var activity = new RunActivity(TimeProvider.System);
        _remover = new SandboxRemover(activity, NullLogger<SandboxRemover>.Instance);
        await _remover.StartAsync(CancellationToken.None);
        Pools = new SandboxPools(Catalog, _factory, _remover, activity, settings, TimeProvider.System);
        var environment = Substitute.For<IHostEnvironment>();
        environment.ContentRootPath.Returns(AppContext.BaseDirectory);
        var recipe = new ImageRecipe(settings, new ConfigurationBuilder().Build(), environment);
        var images = new ImageBuilder(Engine, recipe, settings, TimeProvider.System, Builds);
        var server = new RunServer(Catalog, new SandboxSource(Pools, images), TimeProvider.System, NullLogger<RunServer>.Instance);
        Waits = new ImageWaits(server, images, settings, NullLogger<ImageWaits>.Instance);
        Handler = new RunCodeJobHandler(
            new RunConnector(settings, TimeProvider.System), server, Waits, settings, TimeProvider.System, NullLogger<RunCodeJobHandler>.Instance);
    }

    /// <summary>Copies the program behind a line that tells it was compiled; refuses what has no "ok" in it.</summary>
    private const string Compiler = """
        import sys
        text = open(sys.argv[1]).read()
        print('compiling')
        print('a warning', file=sys.stderr)
        if 'eat all memory' in text:
            kept = []
            while True: kept.append(bytearray(16 << 20))
        if 'compile for ever' in text:
            while True: pass
        if 'ok' not in text: sys.exit('not ok')
        open('built.py', 'w').write(text)
        """;

    public async Task DisposeAsync()
    {
        await Waits.StopAsync(CancellationToken.None);
        await _remover!.StopAsync(CancellationToken.None);
        await _api!.DisposeAsync();
        var left = await MineAsync();
        foreach (var container in left) await Engine.RemoveAsync(container.Id, CancellationToken.None);
        left.ShouldBeEmpty();
        await Engine.RemoveImageAsync(OnDemand.Image, CancellationToken.None);
        Directory.Delete(Settings.ImageSources, recursive: true);
    }

    /// <summary>The instructions of <see cref="OnDemand"/>'s image beyond those of Python's.</summary>
    internal Task WriteImageAsync(string instructions)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Settings.ImageSources, OnDemand.Image["autostack/".Length..^":latest".Length]));
        return File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "Dockerfile"), $"FROM autostack/sandbox-python:latest\n{instructions}\n", CancellationToken.None);
    }

    public void Dispose()
    {
        _factory?.Dispose();
        _remover?.Dispose();
        Pools?.Dispose();
        Waits?.Dispose();
        _identity?.Dispose();
    }

    /// <summary>A run from its request to its result, with what the caller does meanwhile.</summary>
    internal async Task<RunConversation> RunAsync(RunRequest request, Func<RunConversation, Task>? meanwhile = null)
    {
        await using var run = await BeginAsync(request, cancellationToken: CancellationToken.None);
        var reading = run.Conversation.ReadAsync();
        if (meanwhile is not null) await meanwhile(run.Conversation);
        else await EndStdinAsync(run.Conversation);
        await reading;
        await run.Handling;
        return run.Conversation;
    }

    /// <summary>Of a program that may not wait for it.</summary>
    internal static async Task EndStdinAsync(RunConversation conversation)
    {
        try
        {
            await conversation.EndStdinAsync();
        }
        catch (WebSocketException)
        {
            // The run was over before; what it answered may still be on its way.
            await Eventually.TrueAsync(() => conversation.Ended.Task.IsCompleted || conversation.Result is not null || conversation.Unavailable is not null);
        }
    }

    /// <summary>A run whose request has been sent.</summary>
    internal async Task<BegunRun> BeginAsync(RunRequest request, JobContext? context = null, CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid();
        var waiting = _waiting[id] = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = _api!.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var job = new RunCodeJob(id, new UriBuilder(address) { Scheme = "ws", Path = RunChannel.CallbackPath + id }.Uri, "token");
        var handling = Handler.HandleAsync(job, context ?? new JobContext(id, 1, 3), cancellationToken);
        var socket = await waiting.Task;
        var conversation = new RunConversation(new RunChannel(socket), _open[socket]);
        await conversation.RequestAsync(request);
        return new BegunRun(conversation, socket, handling);
    }

    internal Task<IReadOnlyList<ContainerSummary>> MineAsync() =>
        Engine.ListAsync(new Dictionary<string, string> { [ContainerLabels.Worker] = _identity!.Name }, CancellationToken.None);

    /// <summary>Waits until all sandboxes are removed, and looks whether they are.</summary>
    internal async Task NothingIsLeftAsync()
    {
        await Eventually.TrueAsync(() => Registry.Count == 0);
        (await MineAsync()).ShouldBeEmpty();
    }

    internal static RunRequest Python(string code) => new() { Language = "python", Files = [new RunFile("main.py", System.Text.Encoding.UTF8.GetBytes(code))] };

    private async Task AcceptAsync(HttpContext context)
    {
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!);
        var socket = await context.WebSockets.AcceptWebSocketAsync();
        var done = _open[socket] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id].SetResult(socket);
        await done.Task;
    }
}

/// <summary>A run that a test talks with.</summary>
internal sealed record BegunRun(RunConversation Conversation, WebSocket Socket, Task Handling) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (!Conversation.Ended.Task.IsCompleted) Socket.Abort();
        Conversation.Ended.TrySetResult();
        await Handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

[CollectionDefinition(Name)]
public sealed class ContractCollection : ICollectionFixture<WorkerHarness>
{
    public const string Name = "Contract";
}
