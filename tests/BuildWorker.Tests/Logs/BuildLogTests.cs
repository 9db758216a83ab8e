using System.Text;
using NSubstitute;
using Platform.BuildWorker.Logs;
using Platform.Core.Deployments.Logs;
using Platform.Core.Realtime;

namespace Platform.BuildWorker.Tests.Logs;

public sealed class BuildLogTests
{
    private readonly MemoryLogStore _store = new();
    private readonly ILogBus _bus = Substitute.For<ILogBus>();

    [Fact]
    public async Task Numbers_go_on_after_the_last_stored_line_without_gaps()
    {
        _store.Lines.Add(new LogLine(41, DateTimeOffset.UnixEpoch, "info", "earlier"));
        var log = await OpenAsync();
        for (var number = 0; number < 2000; number++) await log.WriteAsync(BuildLog.Info, $"line {number}", CancellationToken.None);
        await log.CompleteAsync();

        _store.Lines.Skip(1).Select(line => line.Seq).ShouldBe(Enumerable.Range(42, 2000).Select(number => (long)number));
        _store.Lines[^1].Message.ShouldBe("line 1999");
    }

    [Fact]
    public async Task Lines_are_sent_only_when_they_are_stored()
    {
        _store.Failure = new InvalidOperationException("no disk");
        var log = await OpenAsync();
        await log.WriteAsync(BuildLog.Info, "lost", CancellationToken.None);

        await Should.ThrowAsync<InvalidOperationException>(log.CompleteAsync);
        _bus.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_dropped_with_a_mark_and_the_platform_still_speaks()
    {
        var log = await OpenAsync(maxLines: 10);
        var sink = log.OpenOutput(BuildLog.Info);
        await sink.AddAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 100))), CancellationToken.None);
        await log.WriteAsync(BuildLog.Error, "failed", CancellationToken.None);
        await log.CompleteAsync();

        _store.Lines.Count.ShouldBe(11);
        _store.Lines[9].Level.ShouldBe(BuildLog.Warning);
        _store.Lines[10].Message.ShouldBe("failed");
    }

    private Task<BuildLog> OpenAsync(int maxLines = 100_000) => BuildLog.OpenAsync(
        Guid.NewGuid(), new SecretMasker(new Dictionary<string, string>()), _store, _bus, TimeProvider.System, maxLines, CancellationToken.None);

    private sealed class MemoryLogStore : ILogStore
    {
        public List<LogLine> Lines { get; } = [];

        public Exception? Failure { get; set; }

        public Task<long> LastSeqAsync(Guid deploymentId, CancellationToken cancellationToken) => Task.FromResult(Lines.Count == 0 ? 0 : Lines[^1].Seq);

        public Task AppendAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
        {
            if (Failure is not null) throw Failure;
            Lines.AddRange(lines);
            return Task.CompletedTask;
        }
    }
}
