namespace Platform.Api.Piston;

internal static class PistonFeature
{
    /// <summary>A facade: everything that runs is the execution feature's.</summary>
    public static void AddPiston(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<PistonJobReader>();
}
