using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>The schema <c>quartz</c>, in which Quartz keeps schedules and firings. Its tables are Quartz's own affair.</summary>
internal static class QuartzTables
{
    /// <summary>What the names of all its tables start with.</summary>
    public const string Prefix = "quartz.qrtz_";

    private const string CreateSchema =
        """
        CREATE SCHEMA IF NOT EXISTS quartz;
        COMMENT ON SCHEMA quartz IS 'Schedules, firings and nodes of a BatchScorer cluster, as Quartz.NET keeps them';
        """;

    private const string IsThere = $"SELECT to_regclass('{Prefix}job_status') IS NOT NULL";

    /// <summary>Has Quartz make its tables, unless they are there.</summary>
    /// <returns>Whether they were made.</returns>
    public static async Task<bool> ApplyAsync(Database database, CancellationToken cancellationToken)
    {
        if (await AreThereAsync(database, cancellationToken))
            return false;
        await using (var connection = await database.Writers.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync(new CommandDefinition(CreateSchema, cancellationToken: cancellationToken));
        await using var factory = QuartzSchedulerBuilder.Create(quartz => quartz.UsePersistentStore(store => Use(store, database).ProvisionSchema())).Build();
        // Building a scheduler makes the tables; it is never started.
        await factory.GetScheduler(cancellationToken);
        return true;
    }

    /// <exception cref="BatchScorerException">The tables are not there.</exception>
    public static async Task CheckAsync(Database database, CancellationToken cancellationToken)
    {
        if (!await AreThereAsync(database, cancellationToken))
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The tables in which schedules are kept ({Prefix}*) are missing: run `batchscorer db migrate`, or set BatchScorer:Cluster to false for one node that keeps them in memory.");
        }
    }

    /// <summary>Has a store keep everything in these tables.</summary>
    public static IPersistentStoreBuilder Use(IPersistentStoreBuilder store, Database database) => store
        .UsePostgres(source => source.DataSourceFactory = _ => database.Writers)
        .UseExecutionHistory()
        .UseSystemTextJsonSerializer()
        .ConfigureStore(options =>
        {
            options.TablePrefix = Prefix;
            options.StoreJobDataAsStrings = true;
        });

    private static async Task<bool> AreThereAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsThere, cancellationToken: cancellationToken));
    }
}
