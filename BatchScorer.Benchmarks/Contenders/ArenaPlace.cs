using BatchScorer.Postgres;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>Where contenders meet, in words that another process understands.</summary>
/// <param name="ConnectionString">Of the database with the table.</param>
/// <param name="ServerFolder">The data folder of its server.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Partitions">How many workers each contender may have.</param>
internal sealed record ArenaPlace(string ConnectionString, string ServerFolder, int Rows, int Partitions)
{
    public Arena Enter(Database database) => new(database, Rows, Partitions);
}
