using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Asks the database whether a job's source is ready to be scored.</summary>
internal static class SourceFreshnessCheck
{
    /// <summary>The property that names the query.</summary>
    private const string Path = "source.fresh.query";

    /// <summary>Lets a job pass whose source is fresh, or that does not ask.</summary>
    /// <exception cref="SourceNotFreshException">It is not fresh yet.</exception>
    /// <exception cref="BatchScorerException">The query will not do, or fails.</exception>
    public static async Task RequireAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        if (job.Definition.Source.Fresh is not { } fresh)
            return;
        if (!await new JobPlaces(job).AtAsync(Path, () => IsFreshAsync(readers, job, fresh, cancellationToken)))
            throw new SourceNotFreshException(job.Name, fresh);
    }

    /// <summary>What is wrong with the job's query; null where nothing is, or it has none.</summary>
    public static async Task<BindingFault?> FindFaultAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        if (job.Definition.Source.Fresh is not { } fresh)
            return null;
        try
        {
            await using var connection = await readers.OpenConnectionAsync(cancellationToken);
            await DescribeAsync(connection, job, fresh, cancellationToken);
            return null;
        }
        catch (BatchScorerException fault)
        {
            return new BindingFault(Path, fault.Message);
        }
    }

    private static async Task<bool> IsFreshAsync(NpgsqlDataSource readers, Job job, SourceFreshness fresh, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        var relation = await DescribeAsync(connection, job, fresh, cancellationToken);
        await using var snapshot = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"SELECT coalesce(bool_and(coalesce(is_fresh, false)), false) FROM {relation} (is_fresh)", connection);
        try
        {
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException cause) when (!PassingFault.Is(cause))
        {
            throw new BatchScorerException(ExitCode.Failed, $"query {fresh.Query} fails: {cause.MessageText}. Correct the file in sql/sources/, or what it reads.", cause);
        }
    }

    /// <summary>The query as a relation.</summary>
    private static async Task<string> DescribeAsync(NpgsqlConnection connection, Job job, SourceFreshness fresh, CancellationToken cancellationToken)
    {
        var description = await SourceCatalog.DescribeQueryAsync(connection, fresh.Query, JobPreparation.ReadQuery(job.FreshQueryFile!), cancellationToken);
        return description.Columns is [{ SqlType: "boolean" }]
            ? description.Relation
            : throw new BatchScorerException(ExitCode.BadConfiguration,
                $"query {fresh.Query} gives {string.Join(", ", description.Columns.Select(column => $"{column.Name} {column.SqlType}"))}, expected one column of type boolean. Correct the file in sql/sources/.");
    }
}
