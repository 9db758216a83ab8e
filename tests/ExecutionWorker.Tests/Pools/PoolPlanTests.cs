using Platform.ExecutionWorker.Pools;

namespace Platform.ExecutionWorker.Tests.Pools;

public sealed class PoolPlanTests
{
    [Theory]
    [InlineData(4, 0, 0, 4)]
    [InlineData(4, 0.1, 1, 4)]
    [InlineData(4, 2.6, 30, 7)]
    [InlineData(4, 50, 500, 8)]
    [InlineData(12, 0, 0, 12)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0.1, 1, 1)]
    [InlineData(0, 0, 0.3, 0)]
    [InlineData(0, 3, 30, 4)]
    public void A_pool_follows_its_demand_between_its_least_and_the_most(int least, double perSecond, double recent, int wanted) =>
        PoolPlan.Want(least, 8, new Demand(perSecond, recent)).ShouldBe(wanted);

    [Fact]
    public void When_memory_is_short_those_asked_for_least_give_first_and_nobody_all_of_it()
    {
        (int, Demand)[] pools = [(8, new Demand(5, 100)), (4, new Demand(0, 1)), (1, new Demand(0, 0)), (3, new Demand(1, 20))];

        PoolPlan.Fit(pools, 1000 * PoolPlan.IdleMegabytes).ShouldBe([8, 4, 1, 3]);
        PoolPlan.Fit(pools, 14 * PoolPlan.IdleMegabytes).ShouldBe([8, 2, 1, 3]);
        PoolPlan.Fit(pools, 10 * PoolPlan.IdleMegabytes).ShouldBe([7, 1, 1, 1]);
        PoolPlan.Fit(pools, 2 * PoolPlan.IdleMegabytes).ShouldBe([1, 0, 0, 1]);
        PoolPlan.Fit(pools, 0).ShouldBe([0, 0, 0, 0]);
    }
}
