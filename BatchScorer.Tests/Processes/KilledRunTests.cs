using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Processes;

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

    private ProgramProcess Start(params string[] arguments) => ProgramProcess.Start(Database.ConnectionString, jobs, arguments);

    private async Task<long> ChunksDoneAsync() => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunks WHERE state = 'done'");
}
