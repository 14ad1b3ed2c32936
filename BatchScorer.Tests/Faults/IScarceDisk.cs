using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Faults;

/// <summary>A way to leave databases of a server no room for a while.</summary>
internal interface IScarceDisk : IAsyncDisposable
{
    /// <summary>What it is, for the report.</summary>
    string Description { get; }

    /// <summary>The tablespace of the databases that are to run out of room.</summary>
    string Tablespace { get; }

    /// <summary>What the server logs once there is no room.</summary>
    string Complaint { get; }

    /// <summary>Sees to it that the predictions of a new database will need more room.</summary>
    Task PrepareAsync(TestDatabase database, FaultedSource source);

    /// <summary>Leaves no room.</summary>
    Task FillAsync(TestDatabase database);

    Task FreeAsync(TestDatabase database);
}
