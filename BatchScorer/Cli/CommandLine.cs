using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using BatchScorer.Cli.Demo;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;

namespace BatchScorer.Cli;

/// <summary>The program as its user sees it: commands, their options, what they print and what they answer.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What stands behind the program's name.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="environment">Where settings come from.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The exit code, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, Terminal terminal, ProgramEnvironment environment, StopRequest stop)
    {
        var parse = CreateRoot(new CommandContext(terminal, environment, stop)).Parse(arguments);
        if (parse.Action is ParseErrorAction)
            return (int)UsageFaults.Print(parse, terminal.Progress);
        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Results,
                Error = terminal.Progress,
                // Faults are told in one place, and signals are the stop request's: the library's own time limit would cut off the clean-up.
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            stop.Token);
    }

    /// <summary>All commands.</summary>
    public static RootCommand CreateRoot(CommandContext context)
    {
        var root = new RootCommand("Scores the rows that have accumulated in PostgreSQL with an ML.NET model, and writes the predictions back.")
        {
            DemoCommand.Create(context),
            RunCommand.Create(context),
            ServeCommand.Create(context),
            new Command("runs", "Look at runs, resume them, withdraw what they published, or give them up.")
            {
                RunsListCommand.Create(context),
                RunsShowCommand.Create(context),
                RunsReportCommand.Create(context),
                RunsResumeCommand.Create(context),
                RunsRetryCommand.Create(context),
                RunsCancelCommand.Create(context),
                RunsWithdrawCommand.Create(context),
                RunsPublishCommand.Create(context),
                RunsAbandonCommand.Create(context),
            },
            new Command("rejected", "Look at rejected rows, and score them again after a fix.")
            {
                RejectedListCommand.Create(context),
                RejectedReplayCommand.Create(context),
            },
            new Command("backfills", "Look at backfills, cancel them or resume them.")
            {
                BackfillsListCommand.Create(context),
                BackfillsShowCommand.Create(context),
                BackfillsResumeCommand.Create(context),
                BackfillsCancelCommand.Create(context),
            },
            new Command("alarms", "Look at the limits of jobs that were crossed.") { AlarmsListCommand.Create(context) },
            WindowsCommand.Create(context),
            DriftCommand.Create(context),
            QualityCommand.Create(context),
            TrainCommand.Create(context),
            new Command("trainings", "Look at the trainings of jobs' models.") { TrainingsListCommand.Create(context) },
            ScoreCommand.Create(context),
            ExportCommand.Create(context),
            ImportCommand.Create(context),
            new Command("jobs", "Look at job files and check them.")
            {
                JobsListCommand.Create(context),
                JobsValidateCommand.Create(context),
                JobsSchemaCommand.Create(context),
            },
            new Command("retention", "Let go of what jobs keep no longer.") { RetentionApplyCommand.Create(context) },
            new Command("models", "Look into model files, and give models names and versions.")
            {
                ModelsInspectCommand.Create(context),
                ModelsStepsCommand.Create(context),
                ModelsRegisterCommand.Create(context),
                ModelsListCommand.Create(context),
                ModelsShowCommand.Create(context),
                ModelsPromoteCommand.Create(context),
                ModelsRollbackCommand.Create(context),
                ModelsCompareCommand.Create(context),
            },
            new Command("db", "Look after the database.") { DbMigrateCommand.Create(context) },
            HealthCommand.Create(context),
            CompletionCommand.Create(context),
        };
        root.HelpName = "batchscorer";
        var help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Remove("/?");
        help.Aliases.Remove("/h");
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
