using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Postgres.Private;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Processes;

/// <summary>Runs whose server goes away. The server is the test's own.</summary>
[OnOneServer]
[Parallelizable(ParallelScope.Self)]
internal sealed class OutageTests(ServerKind kind)
{
    [Test]
    public async Task A_run_goes_on_when_the_server_has_restarted()
    {
        await using var server = await OwnServer.StartAsync(kind);
        await using var job = await server.ChurnAsync();
        var restarted = false;

        var (run, end) = await job.RunAsync(partitions: 2, new AfterChunk(() =>
        {
            if (!restarted)
                server.Restart();
            restarted = true;
        }));

        Assert.That((end, run.State, run.RowsRead), Is.EqualTo((new RunEnd(ExitCode.Done, null), "published", 500)));
        Assert.That(await CustomersTable.ScoresAsync(server.Database), Is.EqualTo(CustomersTable.ExpectedScores(500)));
    }

    [Test]
    public async Task A_run_whose_server_restarts_while_its_chunks_are_cut_is_planned_once()
    {
        await using var server = await OwnServer.StartAsync(kind);
        await using var job = await server.ChurnAsync();
        job.Definition = job.Definition with { Source = job.Definition.Source with { Filter = "customer_id <> 100001 OR pg_sleep(2) IS NOT NULL" } };

        var running = job.RunAsync();
        await UntilCuttingAsync(server.Database);
        server.Restart();
        var (run, end) = await running;

        Assert.That((end, run.State, run.RowsRead), Is.EqualTo((new RunEnd(ExitCode.Done, null), "published", 500)));
        Assert.That(await server.Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_whose_server_stays_away_ends_with_the_cause()
    {
        await using var server = await OwnServer.StartAsync(kind);
        await using var job = await server.ChurnAsync();

        Assert.That(
            async () => await job.RunAsync(partitions: 2, new AfterChunk(() => server.Control("stop", "-m", "immediate"))),
            Throws.TypeOf<BatchScorerException>()
                .With.Property(nameof(BatchScorerException.ExitCode)).EqualTo(ExitCode.Unavailable)
                .And.Message.StartsWith("The database has been of no use for 10 s"));
    }

    private static Task UntilCuttingAsync(TestDatabase database) => UntilAsync(
        () => database.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '% FROM {SourceQuery.KeysCursor}')"),
        "the chunks are cut");

    private sealed class OwnServer(PrivateServer server, TestDatabase database, ServerUser user) : IAsyncDisposable
    {
        public TestDatabase Database { get; } = database;

        public static async Task<OwnServer> StartAsync(ServerKind kind)
        {
            var shared = await TestServer.GetAsync(kind);
            var server = await PrivateServer.StartAsync(new PrivateServerOptions { Programs = shared.Programs, Durable = true }, CancellationToken.None);
            var database = new TestDatabase(shared, "postgres", server.ConnectionString());
            await new Migrator().ApplyAsync(database.DataSource, CancellationToken.None);
            return new OwnServer(server, database, await ServerUser.FindAsync(CancellationToken.None));
        }

        public async Task<TestJob> ChurnAsync()
        {
            await CustomersTable.CreateAsync(Database, 500);
            var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
            job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
            return await job.AppliedAsync();
        }

        public void Restart()
        {
            Control("restart", "-m", "immediate", "-w", "-l", server.LogFile);
            Database.DataSource.Clear();
        }

        /// <summary>Has <c>pg_ctl</c> do something, and waits until it is done.</summary>
        public void Control(params string[] arguments) => ExternalProgram
            .RunAsync(user.Command([server.Programs.PgCtl, .. arguments, "-s", "-D", Path.Combine(server.Folder, "data")]), server.Folder)
            .GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            // The database goes with its server.
            await Database.DataSource.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private sealed class AfterChunk(Action act) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => act();
    }
}
