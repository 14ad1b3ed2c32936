using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests;

/// <summary>Clears up what the whole suite shares.</summary>
[SetUpFixture]
internal sealed class SuiteSetUp
{
    [OneTimeTearDown]
    public Task StopServers() => TestServer.StopAllAsync();
}
