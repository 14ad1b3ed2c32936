using BatchScorer.Exchange;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Quality.Labels;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Sources;
using CsvHelper;
using Dapper;

namespace BatchScorer.Training.Data;

/// <summary>Makes the data sets that jobs' models are trained on.</summary>
internal sealed class TrainingData(Database database, ModelRegistry registry, JobQuality quality)
{
    // It is one statement, and takes as long as whoever reads it does.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromDays(1);

    /// <summary>Takes up the labels that have come, and writes the job's data set as CSV, from one snapshot and in constant memory.</summary>
    /// <param name="job">The job.</param>
    /// <param name="range">Which labels.</param>
    /// <param name="target">Where to; UTF-8 is written, without a byte-order mark.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <exception cref="Errors.BatchScorerException">The job has no labels, or its source, model or labels will not do.</exception>
    public async Task<DataSet> WriteAsync(Job job, LabelRange range, Stream target, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        await quality.UpdateAsync(job, all: false, progress: null, cancellationToken);
        var comparison = await LabelSource.CompareAsync(database.Readers, job, cancellationToken);
        var prepared = await JobPreparation.PrepareAsync(database, registry, job, cancellationToken);
        prepared.Model.Dispose();
        var query = new ExampleQuery(job.Definition, prepared.Source, comparison, range);
        var layout = query.Layout();
        var writer = new DataSetWriter(layout, prepared.Source.Carry, TypeOf(comparison));
        await using var reader = await ChunkReader.OpenAsync(database.Readers, layout, KeyRange.All, new CursorRange(null, null), TimeLimit, cancellationToken);
        await using var csv = CsvWriter.Create(target, FileScorer.Format, leaveOpen: true);
        var rows = await writer.WriteAsync(reader, csv, progress, cancellationToken);
        var counts = await reader.AskAsync(connection => connection.QuerySingleAsync<Counts>(new CommandDefinition(query.Counts(), cancellationToken: cancellationToken)));
        return new DataSet
        {
            Columns = writer.Columns,
            Kind = comparison.Kind,
            Labelled = counts.Labelled,
            Rows = rows,
            Changed = counts.Changed,
            Vanished = counts.Vanished,
            Expired = counts.Expired,
            Repeated = counts.Labelled - counts.Changed - counts.Vanished - counts.Expired - writer.Rejected - rows,
            Rejected = writer.Rejected,
            TellsChanges = prepared.Source.Cursor is not null,
        };
    }

    private static string TypeOf(Comparison comparison) => comparison.Kind switch
    {
        LabelKind.Binary => "boolean",
        LabelKind.Regression => "double precision",
        _ => "text",
    };

    private sealed record Counts(long Labelled, long Expired, long Vanished, long Changed);
}
