using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Tests.Jobs;

public sealed class RegistrationTests
{
    [Fact]
    public void Adding_the_queue_twice_is_adding_it_once()
    {
        var configuration = new ConfigurationBuilder().Build();
        var once = new ServiceCollection().AddJobQueue(configuration);
        var twice = new ServiceCollection().AddJobQueue(configuration).AddJobQueue(configuration);

        twice.Count.ShouldBe(once.Count);
    }

    [Fact]
    public void An_unknown_engine_is_refused_by_name()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Jobs:Engine", "rabbit")]).Build();

        var refused = Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddJobQueue(configuration));

        refused.Message.ShouldContain("Jobs:Engine");
        refused.Message.ShouldContain("rabbit");
    }

    [Theory]
    [InlineData("Lease", "00:00:00")]
    [InlineData("PollInterval", "01:00:00")]
    [InlineData("RetryMaxDelay", "-00:00:01")]
    public void Options_out_of_range_are_refused_by_name(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"Jobs:{name}", value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddJobQueue(configuration).BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<JobOptions>>().Value).Message.ShouldContain(name);
    }

    [Theory]
    [InlineData(1, 0.0, 1)]
    [InlineData(1, 1.0, 2)]
    [InlineData(3, 0.0, 4)]
    [InlineData(3, 1.0, 8)]
    [InlineData(20, 1.0, 300)]
    [InlineData(1000, 0.0, 150)]
    public void Retries_wait_twice_as_long_each_time_up_to_a_limit(int attempt, double random, double seconds) =>
        RetryDelay.After(attempt, new JobOptions(), random).TotalSeconds.ShouldBe(seconds, 0.001);

    [Fact]
    public void An_error_keeps_kinds_and_messages_and_is_bounded()
    {
        var error = JobError.Describe(new InvalidOperationException("outer \0", new IOException(new string('x', 10_000))));

        error.ShouldStartWith("InvalidOperationException: outer \uFFFD <- IOException: xxx");
        error.Length.ShouldBe(4000);
    }

    [Fact]
    public void A_job_needs_an_attempt() =>
        Should.Throw<ArgumentOutOfRangeException>(() => PlacedJob.From(new ProbeJob("a"), new EnqueueOptions { MaxAttempts = 0 }));
}
