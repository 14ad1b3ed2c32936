using System.CommandLine;
using System.Globalization;
using BatchScorer.Alarms;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>alarms list [JOB]</c>: limits that were crossed.</summary>
internal static class AlarmsListCommand
{
    private const int DefaultLimit = 20;
    private const int MostAlarms = 10_000;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        job.Arity = ArgumentArity.ZeroOrOne;
        var open = new Option<bool>("--open") { Description = "Only those that stand: no later run has kept to the limit." };
        var limit = Numbers.Option("--limit", $"How many at most, 1 to {MostAlarms}. Default: {DefaultLimit}.", 1, MostAlarms);
        var command = new DescribedCommand("list", "List the limits of jobs that were crossed, the newest first.", "alarms list", "alarms list churn --open --output json") { job, open, limit, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var name = parse.GetValue(job);
            var alarms = await host.Get<AlarmCatalog>().ListAsync(name, parse.GetValue(open), parse.GetValue(limit) ?? DefaultLimit, cancellationToken);
            if (alarms.Count == 0 && name is not null && !(await host.Get<RunCatalog>().JobsAsync(cancellationToken)).Contains(name))
                host.ReadJobs().RequireName(name);
            context.Print(parse, alarms, () => Print(alarms, name, parse.GetValue(open), context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(IReadOnlyList<AlarmRecord> alarms, string? job, bool open, Terminal terminal)
    {
        if (alarms.Count == 0)
        {
            terminal.Results.WriteLine($"{(job is null ? "There are" : $"Job {job} has")} no alarms{(open ? " that stand" : "")}.");
            return;
        }

        var table = new TextTable("alarm>", "job", "run>", "kind", "since", "until", "told", "what", "look at");
        foreach (var alarm in alarms)
        {
            table.Add(
                alarm.AlarmId.ToString(CultureInfo.InvariantCulture), alarm.Job, alarm.RunId?.ToString(CultureInfo.InvariantCulture) ?? "-", alarm.Kind,
                Readable.Time(alarm.Since), alarm.ClearedAt is null ? "it stands" : Readable.Time(alarm.ClearedAt),
                alarm.ToldAt is null ? alarm.TellingError ?? "-" : Readable.Time(alarm.ToldAt), alarm.Message, alarm.LookAt);
        }

        table.Print(terminal.ResultsConsole);
    }
}
