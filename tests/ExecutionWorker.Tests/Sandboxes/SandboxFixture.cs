using System.Text;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

/// <summary>Runs programs in real sandboxes, labelled so that tests of a crashed run are cleared away by the next.</summary>
public sealed class SandboxFixture : IAsyncLifetime, IDisposable
{
    private readonly IOptions<ContainerOptions> _options = Options.Create(new ContainerOptions { Platform = "execution-tests" });
    private readonly WorkerIdentity _identity;
    private readonly SandboxFactory _factory;
    private readonly SandboxFactory _starved;

    public SandboxFixture()
    {
        _identity = new WorkerIdentity(_options);
        Engine = ContainerEngineExtensions.Create(_options.Value, TimeProvider.System);
        _factory = Factory(new ExecutionWorkerOptions());
        _starved = Factory(new ExecutionWorkerOptions { Cpus = 0.05 });
        var python = LanguageCatalog.Load("languages.yaml").Find("python")!;
        Python = python with { Limits = python.Limits with { CpuSeconds = 2, OutputBytes = 64 * 1024 } };
    }

    internal IContainerEngine Engine { get; }

    /// <summary>Python with limits that are reached soon, but for the time on the wall: a machine that stands still for seconds spends that.</summary>
    internal Language Python { get; }

    public async Task InitializeAsync()
    {
        foreach (var left in await ListAsync([]))
        {
            if (_identity.IsDead(left.Labels[ContainerLabels.Worker])) await Engine.RemoveAsync(left.Id, CancellationToken.None);
        }
    }

    public async Task DisposeAsync() => (await ListMineAsync()).ShouldBeEmpty();

    public void Dispose()
    {
        _factory.Dispose();
        _starved.Dispose();
        _identity.Dispose();
    }

    internal Task<Sandbox> StartAsync(Language? language = null) => _factory.StartAsync(language ?? Python, CancellationToken.None);

    /// <summary>A sandbox that gets a twentieth of a processor, as on a machine that others hold.</summary>
    internal Task<Sandbox> StartStarvedAsync() => _starved.StartAsync(Python, CancellationToken.None);

    /// <summary>Runs one program in a sandbox of its own and removes it.</summary>
    internal async Task<SandboxRun> RunAsync(string code, byte[]? stdin = null, bool closeStdin = true, params string[] arguments)
    {
        await using var sandbox = await StartAsync();
        return await RunInAsync(sandbox, code, stdin, closeStdin, arguments);
    }

    internal async Task<SandboxRun> RunInAsync(Sandbox sandbox, string code, byte[]? stdin = null, bool closeStdin = true, params string[] arguments)
    {
        var run = new SandboxRun(sandbox, stdin ?? []);
        var file = new RunFile(Python.File, Encoding.UTF8.GetBytes(code));
        var plan = new RunPlan(Python, new RunRequest { Language = Python.Id, Files = [file], Arguments = arguments });
        await sandbox.StartAsync([file], plan.Program, CancellationToken.None);
        await run.FollowAsync(closeStdin);
        return run;
    }

    /// <summary>A command with Python's limits.</summary>
    internal SandboxCommand Command(params string[] arguments) =>
        new RunPlan(Python with { Run = arguments }, new RunRequest { Language = Python.Id, Files = [new RunFile(Python.File, [])] }).Program;

    internal Task<IReadOnlyList<ContainerSummary>> ListMineAsync() =>
        ListAsync(new Dictionary<string, string> { [ContainerLabels.Worker] = _identity.Name });

    private SandboxFactory Factory(ExecutionWorkerOptions options) =>
        new(Engine, new SandboxLabels(_options, _identity), new SandboxRegistry(), Options.Create(options), TimeProvider.System);

    private Task<IReadOnlyList<ContainerSummary>> ListAsync(Dictionary<string, string> labels)
    {
        labels[ContainerLabels.Platform] = _options.Value.Platform;
        return Engine.ListAsync(labels, CancellationToken.None);
    }
}

[CollectionDefinition(Name)]
public sealed class SandboxCollection : ICollectionFixture<SandboxFixture>
{
    public const string Name = "Sandboxes";
}
