using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;

var environment = ProgramEnvironment.OfProcess;
using var stop = StopRequest.OnSignals();
return await CommandLine.InvokeAsync(args, Terminal.OfProcess(environment.HasColours), environment, stop);
