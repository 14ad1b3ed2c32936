using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Quality;
using BatchScorer.Quality.Labels;
using BatchScorer.Quality.Slices;
using BatchScorer.Wording;
using Spectre.Console;

namespace BatchScorer.Cli;

/// <summary><c>quality JOB</c>: takes up what has become known, and tells how good the predictions were.</summary>
internal static class QualityCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var from = Instants.Option("--from", "Only labels from this time on: a date, or an ISO 8601 instant (UTC where no offset is given).");
        var to = Instants.Option("--to", "Only labels before this time.");
        var by = new Option<string>("--by")
        {
            Description = "Into what to cut the labels of a model version: version (not at all), window (by the label's time) or lag (by the time from prediction to label). Default: window.",
            HelpName = "version|window|lag",
            DefaultValueFactory = _ => "window",
        };
        by.AcceptOnlyFromAmong("version", "window", "lag");
        var detail = new Option<bool>("--detail") { Description = "Also show whether probabilities came true, and what was predicted against what it was." };
        var noUpdate = new Option<bool>("--no-update") { Description = "Only show what has been taken up; look for no new labels." };
        var all = new Option<bool>("--all") { Description = "Look at every label, also at those older than the job looks back." };
        var command = new DescribedCommand("quality", "Compare a job's predictions with what really happened: take up new labels, and show by model version how good the predictions were.",
            "quality churn", "quality churn --by lag", "quality churn --by version --detail --from 2026-03-01", "quality churn --no-update --output json")
        { job, from, to, by, detail, noUpdate, all, context.Jobs };
        context.AddOutput(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(noUpdate) is { Implicit: false } && result.GetResult(all) is { Implicit: false })
                result.AddError("--all looks for labels and --no-update does not: leave one of them out.");
        });
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job));
            var intake = parse.GetValue(noUpdate) ? null : await UpdateAsync(context.Terminal, host, found, parse.GetValue(all), cancellationToken);
            var quality = await host.Get<JobQuality>().ReadAsync(
                found, Kinds(parse.GetValue(by)), parse.GetValue(from)?.UtcDateTime, parse.GetValue(to)?.UtcDateTime, parse.GetValue(detail), cancellationToken);
            context.Print(parse, quality, () => QualityReport.Print(quality, context.Terminal));
            if (intake is not null)
                context.Terminal.Progress.WriteLine(Describe(found.Name, intake));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Task<Intake> UpdateAsync(Terminal terminal, ProgramHost host, Job job, bool all, CancellationToken cancellationToken)
    {
        var title = $"job {job.Name}";
        return ProgressBar.ShowAsync<string, Intake>(terminal, title, progress => host.Get<JobQuality>().UpdateAsync(job, all, progress, cancellationToken),
            (task, stage) => task.Description = Markup.Escape($"{title}: {stage}"), tell: null);
    }

    private static IReadOnlyList<SliceKind> Kinds(string? by) => by switch
    {
        "version" => [SliceKind.All],
        "lag" => [SliceKind.All, SliceKind.Lag],
        _ => [SliceKind.All, SliceKind.Window],
    };

    private static string Describe(string job, Intake intake) => intake.From is { } since
        ? $"Job {job}: {Readable.Count(intake.Read)} label(s) read since {Readable.Time(since)}, {Readable.Count(intake.Changed)} labelled prediction(s) changed."
        : $"Job {job} has published no predictions yet that labels could be compared with: run `batchscorer run {job}`. Labels of the time after that count.";
}
