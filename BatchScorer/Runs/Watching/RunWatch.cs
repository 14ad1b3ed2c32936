using BatchScorer.Registry.References;
using Npgsql;

namespace BatchScorer.Runs.Watching;

/// <summary>Makes a run's profile when it is over, and compares it with what came before.</summary>
internal static class RunWatch
{
    /// <summary>Puts the profiles of a run's chunks together and writes what they say, in the transaction that closes the run.</summary>
    /// <param name="connection">The transaction's.</param>
    /// <param name="run">The run.</param>
    /// <param name="rowsScored">How many rows it scored.</param>
    /// <returns>What has drifted, the farthest first.</returns>
    public static async Task<IReadOnlyList<MeasuredDrift>> CloseAsync(NpgsqlConnection connection, Run run, long rowsScored, CancellationToken cancellationToken)
    {
        // A program without profiles may have done some of the chunks: those of the others would pass for the run's.
        if (await ChunkProfiles.TakeAsync(connection, run.Id, cancellationToken) is not { Columns: [var first, ..] } profile || first.Rows != rowsScored || rowsScored == 0)
            return [];
        await RunProfiles.WriteAsync(connection, run.Id, profile, cancellationToken);
        var comparison = new DriftComparison(run.Manifest.Job.Watch, await DriftStore.PastAsync(connection, run, cancellationToken));
        var measured = new List<MeasuredDrift>();
        foreach (var with in await FindAsync(connection, run, cancellationToken))
            measured.AddRange(comparison.Compare(profile, with));
        if (measured.Count > 0)
            await DriftStore.WriteAsync(connection, run.Id, measured, cancellationToken);
        return [.. measured.Where(drift => drift.Drifted).OrderByDescending(drift => drift.Excess)];
    }

    private static async Task<IReadOnlyList<ComparedProfile>> FindAsync(NpgsqlConnection connection, Run run, CancellationToken cancellationToken)
    {
        var reference = await ReferenceProfiles.FindAsync(connection, run.Manifest.Model.Sha256, cancellationToken);
        var (first, previous) = await DriftStore.FindRunsAsync(connection, run, cancellationToken);
        var found = new List<ComparedProfile>();
        if (reference is not null)
            found.Add(new ComparedProfile(DriftBase.Reference, null, reference));
        else if (first is not null && await RunProfiles.ReadAsync(connection, first.Value, cancellationToken) is { } ofFirst)
            found.Add(new ComparedProfile(DriftBase.First, first, ofFirst));
        if (previous is not null && await RunProfiles.ReadAsync(connection, previous.Value, cancellationToken) is { } ofPrevious)
            found.Add(new ComparedProfile(DriftBase.Previous, previous, ofPrevious));
        return found;
    }
}
