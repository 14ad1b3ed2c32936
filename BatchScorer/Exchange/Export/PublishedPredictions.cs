using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Exchange.Export;

/// <summary>What readers see of a job's predictions, now or at an instant: <c>scoring.&lt;job&gt;_latest</c> or <c>scoring.&lt;job&gt;_as_of(t)</c>.</summary>
internal static class PublishedPredictions
{
    private const string Suffix = "_latest";

    private const string Views =
        $"""
        SELECT left(relname, -length('{Suffix}'))
        FROM pg_class WHERE relnamespace = to_regnamespace('scoring') AND relkind IN ('v', 'r', 'm', 'p') AND relname LIKE '%\{Suffix}'
        """;

    /// <summary>Describes them.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="job">The job.</param>
    /// <param name="asOf">An instant, or null for now.</param>
    /// <exception cref="BatchScorerException">There are none, or they may not be read.</exception>
    public static async Task<SourceDescription> DescribeAsync(NpgsqlConnection connection, string job, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var jobs = (await connection.QueryAsync<string>(new CommandDefinition(Views, cancellationToken: cancellationToken))).ToList();
        if (!jobs.Contains(job))
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"The database has no predictions of a job \"{job}\"{Suggestion.For(job, jobs)}: expected the name of a job whose tables `batchscorer db migrate` has made.");
        }

        var latest = await SourceCatalog.DescribeTableAsync(connection, new QualifiedName("scoring", job + Suffix), cancellationToken);
        if (asOf is not { } instant)
            return latest with { Name = $"scoring.{job}{Suffix}" };

        var function = SqlIdentifier.Quote("scoring", $"{job}_as_of");
        var isThere = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT to_regprocedure(@function) IS NOT NULL", new { function = $"{function}(timestamptz)" }, cancellationToken: cancellationToken));
        return isThere
            ? latest with { Name = $"scoring.{job}_as_of", Relation = $"{function}({Literal(instant)})" }
            : throw new BatchScorerException(ExitCode.BadConfiguration, $"The database has no function {function}(timestamptz): run `batchscorer db migrate` once, as the owner of the schema.");
    }

    private static string Literal(DateTimeOffset instant) =>
        SqlLiteral.Quote(instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)) + "::timestamptz";
}
