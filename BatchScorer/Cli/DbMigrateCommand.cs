using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Scheduling;

namespace BatchScorer.Cli;

/// <summary><c>db migrate</c>: brings the schema up to date, then the tables of each job.</summary>
internal static class DbMigrateCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new DescribedCommand("migrate", "Bring the database's schema up to date, and make the tables of each job.", "db migrate", "db migrate --output json") { context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnAnyDatabaseAsync(parse, async host =>
        {
            var outcome = await MigrateAsync(host, cancellationToken);
            context.Print(parse, outcome, () => Print(outcome, context.Terminal.Results));
            foreach (var left in outcome.LeftToAdministrator)
                context.Terminal.Progress.WriteLine(Advise(left));
            foreach (var fault in outcome.Faults)
                context.Terminal.Progress.WriteLine(fault);
            return outcome.Faults.Count == 0 ? ExitCode.Done : ExitCode.BadConfiguration;
        }, cancellationToken));
        return command;
    }

    private static async Task<Outcome> MigrateAsync(ProgramHost host, CancellationToken cancellationToken)
    {
        var catalog = host.ReadJobs();
        var database = host.Get<Database>();
        var migrations = await new Migrator().ApplyAsync(database.Writers, cancellationToken);
        var schedules = host.Settings.Cluster && await QuartzTables.ApplyAsync(database, cancellationToken);
        var jobs = new List<AppliedJob>();
        var faults = catalog.Faults.Select(fault => fault.ToString()).ToList();
        foreach (var job in catalog.Jobs)
        {
            try
            {
                var (altered, fault) = await ApplyAsync(database, host.Get<ModelRegistry>(), job, cancellationToken);
                jobs.Add(new AppliedJob(job.Name, altered));
                if (fault is not null)
                    faults.Add($"The challenger of job {job.Name} has no table: {fault}");
            }
            catch (BatchScorerException fault) when (fault.ExitCode is ExitCode.BadConfiguration)
            {
                faults.Add($"The tables of job {job.Name} are left as they are: {fault.Message}");
            }
        }

        var left = await Access.GrantAsync(database.Writers, cancellationToken);
        return new Outcome([.. migrations.Select(migration => migration.ToString())], schedules, jobs, left, faults);
    }

    private static async Task<(bool Altered, string? ChallengerFault)> ApplyAsync(Database database, ModelRegistry registry, Job job, CancellationToken cancellationToken)
    {
        var planned = await JobPreparation.PrepareAsync(database, registry, job, cancellationToken);
        using (planned)
            return (await JobTables.ApplyAsync(database, planned, cancellationToken), planned.ChallengerFault);
    }

    private static string Advise(AdministratorStatement left) =>
        $"An administrator has to run `{left.Statement};`, since this user may not and {left.Reason}. Then run `batchscorer db migrate` again.";

    private static void Print(Outcome outcome, TextWriter writer)
    {
        foreach (var migration in outcome.Migrations)
            writer.WriteLine($"Applied migration {migration}.");
        if (outcome.Schedules)
            writer.WriteLine("Made the tables in which schedules are kept.");
        if (outcome.Migrations.Count == 0 && !outcome.Schedules)
            writer.WriteLine("The schema is up to date.");
        foreach (var job in outcome.Jobs)
            writer.WriteLine($"The tables of job {job.Job} are {(job.Altered ? "made or altered" : "up to date")}.");
    }

    private sealed record AppliedJob(string Job, bool Altered);

    private sealed record Outcome(IReadOnlyList<string> Migrations, bool Schedules, IReadOnlyList<AppliedJob> Jobs, IReadOnlyList<AdministratorStatement> LeftToAdministrator, IReadOnlyList<string> Faults);
}
