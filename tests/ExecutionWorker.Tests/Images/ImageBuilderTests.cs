using System.Collections.Concurrent;
using System.Formats.Tar;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Images;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Images;

public sealed class ImageBuilderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("image-builder-").FullName;
    private readonly IContainerEngine _engine = Substitute.For<IContainerEngine>();
    private readonly ConcurrentQueue<string> _built = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ImageBuilder _builder;

    public ImageBuilderTests()
    {
        Write("supervisor/Dockerfile", "FROM debian\n");
        Write("sandbox-a/Dockerfile", "FROM debian\nCOPY --from=autostack/supervisor:latest /supervisor /\n");
        Write("sandbox-host/Dockerfile", "FROM debian\nCOPY dotnet/ /dotnet\n");
        Write("host.crt", "certificates");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PLATFORM_NPM_REGISTRY"] = "http://registry.example/",
            ["PLATFORM_CA_BUNDLE"] = Path("host.crt"),
        }).Build();
        var environment = Substitute.For<IHostEnvironment>();
        environment.ContentRootPath.Returns(_folder);
        var options = Options.Create(new ExecutionWorkerOptions { ImageSources = _folder });
        _builder = new ImageBuilder(
            _engine, new ImageRecipe(options, configuration, environment), options, TimeProvider.System, NullLogger<ImageBuilder>.Instance);
        _engine.ImageExistsAsync("", CancellationToken.None).ReturnsForAnyArgs(call => _built.Contains(call.Arg<string>()));
        _engine.BuildImageAsync(null!, null!, null!, CancellationToken.None).ReturnsForAnyArgs(BuildAsync);
    }

    [Fact]
    public async Task What_an_image_needs_is_built_first_and_everybody_waits_for_one_build()
    {
        var lines = new Lines();
        var first = _builder.BuildAsync("autostack/sandbox-a:latest", lines, CancellationToken.None);
        var second = _builder.BuildAsync("autostack/sandbox-a:latest", new Lines(), CancellationToken.None);
        await Eventually.TrueAsync(() => lines.All.Contains("Step 1/2 : FROM debian"));

        _gate.SetResult();
        await Task.WhenAll(first, second);

        _built.ShouldBe(["autostack/supervisor:latest", "autostack/sandbox-a:latest"]);
        lines.All.ShouldContain("Building autostack/supervisor:latest");
    }

    [Fact]
    public async Task Whoever_goes_away_does_not_end_the_build()
    {
        using var leave = new CancellationTokenSource();
        var waiting = _builder.BuildAsync("autostack/supervisor:latest", new Lines(), leave.Token);

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        _gate.SetResult();

        await Eventually.TrueAsync(() => _built.Contains("autostack/supervisor:latest"));
    }

    [Fact]
    public async Task A_build_that_fails_is_told_and_the_next_one_tries_again()
    {
        _gate.SetException(new ContainerEngineException(ContainerEngineError.BuildFailed, "no such package"));

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failure = await Should.ThrowAsync<ContainerEngineException>(() => _builder.BuildAsync("autostack/supervisor:latest", new Lines(), CancellationToken.None));
            failure.Error.ShouldBe(ContainerEngineError.BuildFailed);
        }

        await _engine.ReceivedWithAnyArgs(2).BuildImageAsync(null!, null!, null!, CancellationToken.None);
    }

    [Theory]
    [InlineData("autostack/sandbox-a:latest", true)]
    [InlineData("autostack/sandbox-b:latest", false)]
    [InlineData("autostack/sandbox-host:latest", false)]
    [InlineData("autostack/../sandbox-a:latest", false)]
    [InlineData("debian:bookworm", false)]
    [InlineData("autostack/sandbox-a:other", false)]
    public void Only_our_own_images_are_built(string image, bool can) => _builder.CanBuild(image).ShouldBe(can);

    public void Dispose()
    {
        _gate.TrySetResult();
        _builder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BuildAsync(NSubstitute.Core.CallInfo call)
    {
        var (build, context, output) = (call.Arg<ImageBuild>(), call.Arg<Stream>(), call.Arg<IProgress<string>>());
        build.Arguments["NPM_REGISTRY"].ShouldBe("http://registry.example/");
        var id = build.Labels["autostack.image"];
        build.Dockerfile.ShouldBe($"{id}/Dockerfile");
        string[] wanted = [$"{id}/Dockerfile", "host/ca-bundle.crt: certificates"];
        wanted.ShouldBeSubsetOf(Contents(context));
        output.Report("Step 1/2 : FROM debian");
        await _gate.Task;
        _built.Enqueue(build.Tags.Single());
    }

    private static string[] Contents(Stream tar)
    {
        using var reader = new TarReader(tar);
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            names.Add(entry.Name.EndsWith(".crt", StringComparison.Ordinal) ? $"{entry.Name}: {text.ReadToEnd()}" : entry.Name);
        }

        return [.. names];
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
    }

    private sealed class Lines : IProgress<string>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public void Report(string value) => All.Enqueue(value);
    }
}
