using Microsoft.Extensions.Options;
using Platform.Api.Execution.Judging;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Runs a validated request to its end: once, or compiled once and run with every input of its tests.</summary>
internal sealed class ExecutionService(RunDispatcher dispatcher, LanguageCatalog catalog, IOptions<ExecutionOptions> options)
{
    /// <param name="request">What was asked for.</param>
    /// <param name="ticket">By whom and how.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Null when its turn did not come.</returns>
    public async Task<ExecuteOutcome?> ExecuteAsync(ExecuteRequest request, RunTicket ticket, CancellationToken cancellationToken)
    {
        var language = catalog.Find(request.Language!) ?? throw new ArgumentException("The language was not validated.", nameof(request));
        return request.Tests is { Count: > 0 } tests
            ? await JudgeAsync(request, [.. tests.Select((test, index) => RunTest.From(request, test, index))], language, ticket, cancellationToken)
            : await RunAsync(request, language, ticket, cancellationToken);
    }

    /// <summary>How many runs a request needs: one, or one for each command line and set of limits among its tests.</summary>
    public static int CountRuns(ExecuteRequest? request) => request?.Tests is not { Count: > 0 } tests
        ? 1
        : Math.Max(1, tests.OfType<ExecuteTestRequest>().Select(test => (string.Join('\0', test.Args ?? request.Args ?? []), test.CpuSeconds, test.WallSeconds)).Distinct().Count());

    private async Task<ExecuteOutcome?> RunAsync(ExecuteRequest request, Language language, RunTicket ticket, CancellationToken cancellationToken)
    {
        var run = RunRequests.From(request, language);
        var outputBytes = run.Limits?.OutputBytes ?? language.Limits.OutputBytes;
        var order = new RunOrder
        {
            Request = run,
            Language = language,
            Input = new FixedSource(request.ReadInput()),
            Listen = () => new RunTranscript(outputBytes, watcher: ticket.Watcher),
        };
        if (await dispatcher.RunAsync(order, ticket.Owner, ticket.Patience, ticket.Placed, cancellationToken) is not { } outcome) return null;
        return outcome.Result is { } result
            ? new ExecuteOutcome(ExecuteResponses.Of(ticket.Id, result, outcome.Listener as RunTranscript), null)
            : new ExecuteOutcome(null, outcome.Refusal);
    }

    private async Task<ExecuteOutcome?> JudgeAsync(
        ExecuteRequest request, IReadOnlyList<RunTest> tests, Language language, RunTicket ticket, CancellationToken cancellationToken)
    {
        var judged = new List<JudgedGroup>();
        foreach (var group in Group(tests))
        {
            var order = Order(request, group, language, ticket);
            if (await dispatcher.RunAsync(order, ticket.Owner, ticket.Patience, ticket.Placed, cancellationToken) is not { } outcome) return null;
            if (outcome.Result is not { } result) return new ExecuteOutcome(null, outcome.Refusal);
            judged.Add(new JudgedGroup(group, result, outcome.Listener as TestTranscript));

            // What ended before its inputs did would end so again.
            if (result.Verdict is RunVerdict.CompileError or RunVerdict.InternalError or RunVerdict.Cancelled) break;
        }

        return new ExecuteOutcome(TestResponses.Of(ticket.Id, tests, judged), null);
    }

    private RunOrder Order(ExecuteRequest request, List<RunTest> group, Language language, RunTicket ticket)
    {
        var run = RunRequests.From(request, language);
        var limits = run.Limits ?? new RunLimits();
        run = run with
        {
            Arguments = group[0].Args,
            Inputs = [.. group.Select(test => test.Stdin)],
            Limits = limits with { CpuSeconds = group[0].CpuSeconds, WallSeconds = group[0].WallSeconds },
        };
        var outputBytes = limits.OutputBytes ?? language.Limits.OutputBytes;
        return new RunOrder
        {
            Request = run,
            Language = language,
            Listen = () => new TestTranscript(group, outputBytes, options.Value.TestOutputBytes, ticket.Watcher),
        };
    }

    private static List<List<RunTest>> Group(IReadOnlyList<RunTest> tests)
    {
        var groups = new List<List<RunTest>>();
        foreach (var test in tests)
        {
            if (groups.Find(group => group[0].SharesRunWith(test)) is { } group) group.Add(test);
            else groups.Add([test]);
        }

        return groups;
    }
}

/// <summary>By whom and how a request is run.</summary>
internal sealed record RunTicket
{
    /// <summary>What the answer is known by.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Whose turn it takes.</summary>
    public required string Owner { get; init; }

    /// <summary>How long it may wait for its turn.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Is told how it gets on.</summary>
    public IRunWatcher? Watcher { get; init; }

    /// <summary>Is given each run that the request needs, to take it back.</summary>
    public Action<PendingRun>? Placed { get; init; }
}

/// <summary>How a request ended.</summary>
/// <param name="Response">The answer, or null when it could not be run.</param>
/// <param name="Refusal">Why it could not.</param>
internal sealed record ExecuteOutcome(ExecuteResponse? Response, RunRefusal? Refusal);
