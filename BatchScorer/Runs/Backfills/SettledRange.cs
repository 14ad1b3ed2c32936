using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>Up to where no row of a job's source can still be committed: only there a window can be said to be scored.</summary>
internal static class SettledRange
{
    private const string NextFrom = "SELECT next_from FROM scoring.jobs WHERE name = @job";

    /// <summary>The settled end; what the job's own runs have passed is settled whatever is open now.</summary>
    public static async Task<WindowBound> AskAsync(Database database, string job, SourceLayout source, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var passed = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(NextFrom, new { job }, cancellationToken: cancellationToken));
        return await WindowBound.AskAsync(connection, source, passed, cancellationToken);
    }

    /// <exception cref="BatchScorerException">The grid reaches beyond what is settled.</exception>
    public static async Task RequireAsync(Database database, string job, SourceLayout source, WindowGrid grid, CancellationToken cancellationToken)
    {
        var bound = await AskAsync(database, job, source, cancellationToken);
        if (bound.To is not null && grid.Scale.Parse(bound.To, "the settled end") >= grid.To)
            return;
        var held = bound.HeldBy is null ? "" : $" ({bound.HeldBy} holds it there)";
        throw new BatchScorerException(ExitCode.Usage,
            $"--to is {grid.Whole.To}, and rows below it may still be committed, which the backfill would miss: nothing is settled "
            + (bound.To is null ? $"yet{held}." : $"beyond {bound.To}{held}. Give that or an earlier value; `batchscorer run {job}` scores what comes later."));
    }

    /// <summary>The least value of the cursor in the source; null when there is no row.</summary>
    public static async Task<string?> FirstAsync(Database database, SourceLayout source, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        var cursor = SqlIdentifier.Quote(source.Cursor!.Name);
        var value = source.Cursor.Family is WireFamily.TimestampTz ? $"to_char(min({cursor}), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')" : $"min({cursor})::text";
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            $"SELECT {value} FROM (SELECT * FROM {source.Relation}) AS source", cancellationToken: cancellationToken));
    }
}
