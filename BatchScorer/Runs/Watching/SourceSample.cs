using BatchScorer.Drift;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Profiles;
using BatchScorer.Registry.References;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Runs.Watching;

/// <summary>Looks at some rows of a source before anything is written, where it is known what the model was made with.</summary>
internal static class SourceSample
{
    /// <summary>What to do about misfits.</summary>
    public const string Remedy =
        "Correct the source, or the job's \"inputs\". If all is as it should be, \"watch\": { \"gate\": false } lets it pass, and so does a model that is registered with a --reference of such rows.";

    /// <summary>Finds inputs whose values cannot be what the model was made for.</summary>
    /// <param name="database">Has the reference and the source.</param>
    /// <param name="job">The job.</param>
    /// <param name="modelSha256">SHA-256 of its model's file.</param>
    /// <param name="source">What to read: the job's source, or what it was staged into.</param>
    /// <param name="window">Which cursor values.</param>
    /// <returns>Nothing where all is well, the model has no reference, or the job does not want to know.</returns>
    public static async Task<IReadOnlyList<BindingFault>> FindMisfitsAsync(
        Database database, JobDefinition job, string modelSha256, SourceLayout source, CursorRange window, CancellationToken cancellationToken)
    {
        if (!job.Watch.Gate)
            return [];
        TableProfile? reference;
        await using (var connection = await database.Writers.OpenConnectionAsync(cancellationToken))
            reference = await ReferenceProfiles.FindAsync(connection, modelSha256, cancellationToken);
        if (reference is null)
            return [];
        var sample = await ProfileAsync(database.Readers, source, window, job.Limits.ChunkTime, cancellationToken);
        return [.. SampleCheck.Find(reference, sample).Select(misfit => new BindingFault($"inputs.{misfit.Input}", $"column \"{ColumnOf(source, misfit.Input)}\": {misfit.Message}"))];
    }

    /// <summary>The column behind an input, or behind a slot of one.</summary>
    private static string ColumnOf(SourceLayout source, string input) => source.Inputs.First(mapping => mapping.Input.Name == input.Split('[')[0]).Column.Name;

    /// <summary>Profiles the inputs of the rows that come first.</summary>
    private static async Task<TableProfile> ProfileAsync(NpgsqlDataSource readers, SourceLayout source, CursorRange window, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var batch = new SourceBatch(source, SampleCheck.MostRows);
        var rows = new DecodedRows(batch, FieldDecoder.Bind(source, batch), []);
        var profiles = new ProfileCollector(RunColumns.Of(batch.Inputs));
        await using var reader = await ChunkReader.OpenSampleAsync(readers, source, window, SampleCheck.MostRows, timeLimit, cancellationToken);
        for (var more = true; more;)
        {
            more = await reader.ReadAsync(rows, beside: null, cancellationToken);
            profiles.Add(new bool[batch.RowCount]);
        }

        return profiles.Take();
    }
}
