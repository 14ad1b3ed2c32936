using System.CommandLine;
using System.Diagnostics;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Wording;
using CsvHelper;

namespace BatchScorer.Cli;

/// <summary><c>score MODEL --in FILE --out FILE</c>: scores a CSV file, without a database.</summary>
internal static class ScoreCommand
{
    private static readonly JobLimits Defaults = new();

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = "A model.zip that ML.NET saved." };
        var options = new ScoreOptions();
        var command = new DescribedCommand("score", "Score a CSV file with a model and write another, without a database.",
            "score jobs/samples/churn.zip --in customers.csv --out scores.csv",
            "score jobs/samples/churn.zip --in customers.csv --out scores.csv --rejected rejected.csv --columns customer_id,probability",
            "score jobs/samples/churn.zip --in - --out - --input TenureMonths=months < customers.csv | head")
        { model };
        options.AddTo(command);
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunAsync(parse, async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            var score = await OutputFile.TellingAsync(() => ScoreAsync(context, parse, parse.GetRequiredValue(model), options, cancellationToken));
            Report(context, parse, options, score, Stopwatch.GetElapsedTime(started));
            if (score.OverLimit is null)
                return ExitCode.Done;
            context.Terminal.Progress.WriteLine($"{score.OverLimit}{(options.WritesToStandardOutput(parse) ? "" : ": nothing is written")}.");
            return ExitCode.RejectedOverLimit;
        }));
        return command;
    }

    private static async Task<FileScore> ScoreAsync(CommandContext context, ParseResult parse, string modelPath, ScoreOptions options, CancellationToken cancellationToken)
    {
        var folder = context.Environment.WorkingFolder;
        using var model = ModelLoader.Load(ModelFile.Read(Path.GetFullPath(modelPath, folder)), options.Engine(parse));
        using var input = await CsvInput.OpenAsync(options.In(parse, folder), context.Terminal.Input, cancellationToken);
        var layout = FileLayout.Bind(input, model.Schema, options.Inputs(parse), options.Columns(parse));
        await using var output = OutputFile.Create(options.Out(parse, folder), context.Terminal.Output);
        await using var rejectedOutput = options.Rejected(parse, folder) is { } path ? OutputFile.Create(path, context.Terminal.Output) : null;
        FileScore score;
        await using (var scored = CsvWriter.Create(output.Stream, FileScorer.Format, leaveOpen: true))
        await using (var rejected = rejectedOutput is null ? null : CsvWriter.Create(rejectedOutput.Stream, FileScorer.Format, leaveOpen: true))
        {
            var scorer = new FileScorer(input, model, layout);
            score = await TransferProgressBar.ShowAsync(context.Terminal, Path.GetFileName(input.Name),
                progress => scorer.ScoreAsync(scored, rejected, options.Limits(parse, Defaults), progress, cancellationToken));
        }

        // Why there are too many is of use even where the scores are not.
        if (rejectedOutput is not null)
            await rejectedOutput.CommitAsync();
        if (score.OverLimit is null)
            await output.CommitAsync();
        return score;
    }

    private static void Report(CommandContext context, ParseResult parse, ScoreOptions options, FileScore score, TimeSpan duration)
    {
        if (options.Rejected(parse, "/") is null)
        {
            foreach (var row in score.FirstRejected)
                context.Terminal.Progress.WriteLine($"Rejected: line {row.Line}{(row.Column is null ? "" : $", column \"{row.Column}\"")}: {row.Reason}");
            if (score.RowsRejected > score.FirstRejected.Count)
                context.Terminal.Progress.WriteLine($"… and {Readable.Count(score.RowsRejected - score.FirstRejected.Count)} more; --rejected FILE keeps all of them.");
        }

        var text = $"{Readable.Count(score.RowsRead)} rows read, {Readable.Count(score.RowsScored)} scored, {Readable.Count(score.RowsRejected)} rejected in {Readable.Duration(duration)}.";
        if (options.WritesToStandardOutput(parse))
            context.Terminal.Progress.WriteLine(text);
        else
            context.Print(parse, score, () => context.Terminal.Results.WriteLine(text));
    }
}
