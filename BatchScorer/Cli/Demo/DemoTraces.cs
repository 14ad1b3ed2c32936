using BatchScorer.Errors;
using Dapper;
using Npgsql;

namespace BatchScorer.Cli.Demo;

/// <summary>What the demo leaves in a database that is not its own, and how it goes again.</summary>
internal static class DemoTraces
{
    private const string Find =
        """
        SELECT coalesce(to_regclass('demo.customers'), to_regclass('demo.outcomes'))::text AS customers,
               to_regclass('scoring.churn_predictions') IS NOT NULL AS predictions
        """;

    /// <summary>Removes what the demo has made, and nothing else: no CASCADE, so what others have built on it keeps it in place.</summary>
    public const string Removal =
        """
        DROP FUNCTION IF EXISTS scoring.churn_as_of(timestamptz);
        DROP VIEW IF EXISTS scoring.churn_latest, scoring.churn_history;
        DROP TABLE IF EXISTS scoring.churn_predictions;
        DELETE FROM scoring.runs WHERE job = 'churn';
        DELETE FROM scoring.backfills WHERE job = 'churn';
        DELETE FROM scoring.jobs WHERE name = 'churn';
        DROP TABLE IF EXISTS demo.outcomes, demo.customers;
        """;

    /// <summary>Refuses to go on where there are tables of the demo's names already: they may be somebody's.</summary>
    /// <exception cref="BatchScorerException">There are; the message tells how to remove them.</exception>
    public static async Task RefuseAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (customers, predictions) = await connection.QuerySingleAsync<(string?, bool)>(new CommandDefinition(Find, cancellationToken: cancellationToken));
        if (customers is null && !predictions)
            return;
        var found = string.Join(" and ", new[] { customers, predictions ? "scoring.churn_predictions" : null }.OfType<string>());
        throw new BatchScorerException(
            ExitCode.BadConfiguration,
            $"The database \"{connection.Database}\" has {found} already, and the demo touches nothing that it did not make. "
            + $"To look at them: `batchscorer runs list --job churn`. If they are a demo's and may go, run this in psql, and the demo again:\n{Removal}");
    }

    /// <summary>Removes them.</summary>
    public static async Task RemoveAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(Removal);
    }
}
