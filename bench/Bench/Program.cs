using System.Globalization;
using Platform.Bench;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (args is [BareServer.Command, var file])
{
    await BareServer.ServeAsync(file, stop.Token);
    return 0;
}

var arguments = BenchArguments.Parse(args);
if (arguments is null)
{
    Console.Error.WriteLine("usage: bench execution|run|snippets|queue|deployments|files|rollback|lists|all [--api http://localhost:8081] [--web http://localhost:8080] [--database <connection string>] [--samples 50] [--site <host>]");
    return 2;
}

var table = new ResultTable();
if (arguments.Runs("run")) await new ExecutionBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("execution")) await new StreamBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("snippets")) await new SnippetBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("queue")) await new QueueBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("lists") || arguments.Runs("deployments")) await new ListBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("files") || arguments.Runs("deployments")) await new StaticFileBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("deployments")) await new DeploymentBench(arguments).RunAsync(table, stop.Token);
if (arguments.Runs("rollback") || arguments.Runs("deployments")) await new RollbackBench(arguments).RunAsync(table, stop.Token);
table.Print(Console.Out);
return table.Passed ? 0 : 1;
