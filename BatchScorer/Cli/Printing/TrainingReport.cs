using BatchScorer.Jobs;
using BatchScorer.Training;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>What came of trainings, for people.</summary>
internal static class TrainingReport
{
    public static void Print(TrainedModel trained, Job job, Terminal terminal)
    {
        terminal.Results.WriteLine($"Trained {trained.Reference()}, which is registered{(trained.IsPromoted ? " and in use" : "")}.");
        Fields.Print(terminal.Results,
        [
            .. DataSetReport.Describe(trained.Data),
            ("sha-256", trained.Sha256),
            ("golden", trained.GoldenRows == 0 ? null : $"{Readable.Count(trained.GoldenRows)} rows"),
            ("next", trained.IsPromoted ? $"batchscorer run {job.Name}" : $"batchscorer models promote {trained.Reference()}"),
        ]);
    }

    public static void Print(IReadOnlyList<TrainingRecord> trainings, Terminal terminal)
    {
        if (trainings.Count == 0)
        {
            terminal.Results.WriteLine("There are no trainings: `batchscorer train JOB` makes the first.");
            return;
        }

        var table = new TextTable("id>", "job", "reason", "state", "started at", "took>", "rows>", "model", "error");
        foreach (var training in trainings)
        {
            table.Add(
                $"{training.TrainingId}", training.Job, training.Reason, training.State, Readable.Time(training.StartedAt), Readable.Duration(training.FinishedAt - training.StartedAt),
                training.Rows is { } rows ? Readable.Count(rows) : "-", training.ModelVersion is { } version ? $"{training.ModelName}@{version}" : "", training.Error?.Split('\n')[0]);
        }

        table.Print(terminal.ResultsConsole);
    }
}
