using Aspire.Hosting;

// A model from the command line: "--shell name=script" adds a program, "--postgres name", "--redis name" and "--port name=number" the rest.
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = args,
    ProjectDirectory = Environment.CurrentDirectory,
    DisableDashboard = !args.Contains("--dashboard"),
});
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var (name, rest) = value.Split('=', 2) is [var left, var right] ? (left, right) : (value, "");
    switch (args[i])
    {
        case "--shell":
            builder.AddExecutable(name, "sh", ".", "-c", rest);
            break;
        case "--program":
            builder.AddExecutable(name, rest, ".");
            break;
        case "--port":
            builder.AddExecutable(name, "sh", ".", "-c", "exec sleep 1000").WithHttpEndpoint(port: int.Parse(rest, System.Globalization.CultureInfo.InvariantCulture));
            break;
        case "--stores":
            var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("platform");
            var redis = builder.AddRedis("redis");
            builder.AddExecutable(name, "sh", ".", "-c", rest).WithReference(database).WithReference(redis).WaitFor(database).WaitFor(redis);
            break;
    }
}

await builder.Build().RunAsync();
