using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

public sealed class RunDeadlineTests : IDisposable
{
    private static readonly ExecutionOptions Options = new() { StartTimeout = TimeSpan.FromSeconds(30), QueueTimeout = TimeSpan.FromSeconds(100) };

    private readonly ManualTime _time = new();
    private readonly WorkerContact _contact;
    private readonly PendingRun _run;
    private readonly Task<RunOutcome> _waiting;

    public RunDeadlineTests()
    {
        _contact = new WorkerContact(_time);
        var language = LanguageCatalog.Load("languages.yaml").Find("python")!;
        var request = new RunRequest { Language = language.Id, Files = [new RunFile(language.File, [])] };
        _run = new PendingRun(new RunOrder { Request = request, Language = language, Listen = () => new RunTranscript(1000) }, Options, _contact, _time);
        _waiting = _run.WaitAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_a_sign_of_any_worker_it_is_given_up_at_the_first_deadline()
    {
        _time.Advance(TimeSpan.FromSeconds(29));
        _waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(1));
        (await _waiting.WaitAsync(TimeSpan.FromSeconds(30))).Refusal!.Message.ShouldBe("No worker took the run in time.");
    }

    [Fact]
    public async Task While_workers_are_busy_it_waits_for_its_turn_until_they_fall_silent()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        _contact.Touch();
        _time.Advance(TimeSpan.FromSeconds(10));
        _waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(30));
        (await _waiting.WaitAsync(TimeSpan.FromSeconds(30))).Result.ShouldBeNull();
    }

    [Fact]
    public async Task It_does_not_wait_for_ever_for_busy_workers()
    {
        for (var passed = 0; passed < 120; passed += 10)
        {
            _contact.Touch();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        (await _waiting.WaitAsync(TimeSpan.FromSeconds(30))).Result.ShouldBeNull();
    }

    public void Dispose() => _run.Dispose();
}
