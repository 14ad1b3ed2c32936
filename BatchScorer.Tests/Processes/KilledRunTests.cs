using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Processes;

[OnOneServer]
internal sealed class KilledRunTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 20_000;

    private string jobs = "";

    [SetUp]
    public void WriteJob()
    {
        jobs = Directory.CreateTempSubdirectory("batchscorer-jobs-").FullName;
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(jobs, "model.zip"));
        File.WriteAllText(Path.Combine(jobs, "job.json"),
            """
            { "name": "job", "source": { "table": "customers", "key": ["customer_id"], "cursor": "updated_at" },
              "model": { "path": "model.zip" }, "work": { "chunkRows": 100, "partitions": 2 } }
            """);
    }

    [TearDown]
    public void RemoveJob() => Directory.Delete(jobs, recursive: true);

    [Test]
    public async Task A_run_that_is_killed_and_run_again_gives_the_same_table_as_one_left_alone()
    {
        await CustomersTable.CreateAsync(Database, Rows);
        using (var migration = Start("db", "migrate"))
            Assert.That((await migration.WaitAsync()).ExitCode, Is.Zero);

        for (var kills = 0; kills < 2; kills++)
        {
            using var killed = Start("run", "job");
            var doneBefore = await ChunksDoneAsync();
            while (await ChunksDoneAsync() < doneBefore + 10)
                Assert.That(killed.HasExited, Is.False, "the run was to be killed halfway");
            await killed.KillAsync();
        }

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero, "nothing of it shows");
        using (var again = Start("run", "job"))
        {
            var (exitCode, output) = await again.WaitAsync();
            Assert.That(exitCode, Is.Zero, output);
        }

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(Rows));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task A_run_over_rows_that_came_late_goes_on_after_a_kill_with_those_that_have_no_score()
    {
        const int Few = 5000;
        await CustomersTable.CreateAsync(Database, Few);
        File.WriteAllText(Path.Combine(jobs, "job.json"), File.ReadAllText(Path.Combine(jobs, "job.json")).Replace("\"cursor\":", "\"lookback\": \"366.00:00:00\", \"cursor\":"));
        await Database.ExecuteAsync("CREATE TABLE late AS SELECT * FROM customers WHERE customer_id % 5 <> 0; DELETE FROM customers WHERE customer_id % 5 <> 0");
        foreach (var arguments in new[] { new[] { "db", "migrate" }, ["run", "job"] })
        {
            using var process = Start(arguments);
            Assert.That((await process.WaitAsync()).ExitCode, Is.Zero);
        }

        await Database.ExecuteAsync("INSERT INTO customers SELECT * FROM late");
        using (var killed = Start("run", "job"))
        {
            var doneBefore = await ChunksDoneAsync();
            while (await ChunksDoneAsync() < doneBefore + 5)
                Assert.That(killed.HasExited, Is.False, "the run was to be killed halfway");
            await killed.KillAsync();
        }

        using (var again = Start("run", "job"))
        {
            var (exitCode, output) = await again.WaitAsync();
            Assert.That(exitCode, Is.Zero, output);
        }

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(2));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(Few));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Few)));
    }

    private ProgramProcess Start(params string[] arguments) => ProgramProcess.Start(Database.ConnectionString, jobs, arguments);

    private async Task<long> ChunksDoneAsync() => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunks WHERE state = 'done'");
}
