namespace Platform.Api.Dashboard;

internal sealed record DashboardStatsResponse(DashboardFiguresResponse Stats);

/// <summary>The figures of the dashboard, over everything that the caller may see.</summary>
/// <param name="TotalDeployments">All there are.</param>
/// <param name="WeeklyChange">How many of them are of the last seven days: <c>+3</c>.</param>
/// <param name="ActiveProjects">Projects that serve a site.</param>
/// <param name="TodayDeployments">Deployments since midnight, UTC.</param>
/// <param name="SuccessRate">Successful ones of those that ended well or badly in the last 30 days, in percent; null without any.</param>
/// <param name="MonthlySuccessChange">Points against the 30 days before; null when one of the two is missing.</param>
/// <param name="AvgDeployTime">Of the successful ones of the last 30 days: <c>42s</c>, <c>2.4m</c>; null without any.</param>
/// <param name="TimeImprovement">Seconds against the 30 days before, negative when faster: <c>-18s</c>; null when one of the two is missing.</param>
internal sealed record DashboardFiguresResponse(
    long TotalDeployments,
    string WeeklyChange,
    long ActiveProjects,
    long TodayDeployments,
    int? SuccessRate,
    int? MonthlySuccessChange,
    string? AvgDeployTime,
    string? TimeImprovement);
