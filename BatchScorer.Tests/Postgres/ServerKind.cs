namespace BatchScorer.Tests.Postgres;

/// <summary>The servers that every database test runs on.</summary>
internal enum ServerKind
{
    /// <summary>The PostgreSQL that is installed on this machine, of whatever version.</summary>
    Installed,

    /// <summary>PostgreSQL 18 from npm.</summary>
    Npm,
}
