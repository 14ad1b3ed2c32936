namespace BatchScorer.Tests.Postgres;

/// <summary>
/// Runs a fixture on the installed server only: one about processes and schedules, which are slow to test, and whose statements other
/// fixtures have run on both.
/// </summary>
internal sealed class OnOneServerAttribute() : TestFixtureAttribute(ServerKind.Installed);
