namespace BatchScorer.Postgres.Migrations;

/// <summary>A migration as the database remembers it.</summary>
internal sealed record MigrationRecord(int Number, string Name, string Checksum)
{
    public override string ToString() => $"{Number:0000}_{Name}";
}
