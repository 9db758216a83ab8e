using System.Collections.Concurrent;

namespace Platform.Core.Jobs.Postgres;

/// <summary>The jobs that this process holds a lease of.</summary>
internal sealed class RunningJobs
{
    private const int RememberedRequests = 256;

    private readonly ConcurrentDictionary<Guid, RunningJob> _jobs = new();
    private readonly ConcurrentQueue<Guid> _requests = new();

    public ICollection<RunningJob> All => _jobs.Values;

    public void Add(RunningJob job)
    {
        _jobs[job.Job.Id] = job;
        // The request to stop can be heard before the answer of the claim has been read.
        if (_requests.Contains(job.Job.Id)) job.Stop(JobStopReason.Cancelled);
    }

    public void Remove(RunningJob job) => _jobs.TryRemove(KeyValuePair.Create(job.Job.Id, job));

    public void Cancel(Guid id)
    {
        _requests.Enqueue(id);
        while (_requests.Count > RememberedRequests) _requests.TryDequeue(out _);
        if (_jobs.TryGetValue(id, out var job)) job.Stop(JobStopReason.Cancelled);
    }
}
