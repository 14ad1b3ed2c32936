using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

internal sealed class RetentionCommandTests(ServerKind kind) : CommandTests(kind)
{
    [Test]
    public async Task What_would_go_is_shown_before_it_goes()
    {
        await MakeOldPredictionsAsync();

        var dry = await RunAsync("retention", "apply", "churn", "--dry-run");
        Assert.That(dry.ExitCode, Is.EqualTo(ExitCode.Done), dry.Progress);
        Assert.That(dry.Results.Split('\n')[1], Does.Match(@"^churn\s+churn_predictions_202403\s+2024-03-01\s+2024-04-01\s+\?\s+\d.* kB\s+would go$"));
        Assert.That(dry.Results, Does.EndWith("\nJob churn: 1 partition(s) of predictions, 0 rejected row(s) and 0 run(s) would go.\n"));
        var json = (await RunAsync("retention", "apply", "--dry-run", "--json")).Json;
        Assert.That(Invocation.ShapeOf(json), Is.EqualTo(
            "[{job: string, partitions: [{partition: string, from: string, to: string, rows: null, bytes: number, openRun: null, goes: boolean}], predictionsKept: null, wholeSince: null, rejectedRows: number, runs: number}]"));
        Assert.That(await PartitionsAsync(), Has.Count.EqualTo(2));

        var gone = await RunAsync("retention", "apply", "churn");
        Assert.That(gone.ExitCode, Is.EqualTo(ExitCode.Done), gone.Progress);
        Assert.That(gone.Results, Does.Match(@"Job churn: 1 partition\(s\) of predictions, 0 rejected row\(s\) and 0 run\(s\) gone\. Its history is whole since 20\d\d-.*Z\.\n$"));
        Assert.That(await PartitionsAsync(), Has.Count.EqualTo(1));
        Assert.That((await RunAsync("retention", "apply")).Results, Does.StartWith("Job churn: 0 partition(s) of predictions, 0 rejected row(s) and 0 run(s) gone."));
    }

    [Test]
    public async Task A_job_file_that_has_changed_since_is_pointed_out()
    {
        await MakeOldPredictionsAsync();

        // What was told the database in the meantime is not what the job file says.
        Assert.That((await RunAsync("retention", "apply", "--dry-run")).Progress,
            Is.EqualTo("The file of job churn has another \"keep\" by now than the database goes by: `batchscorer db migrate` tells it.\n"));
        await RunAsync("db", "migrate");
        var told = await RunAsync("retention", "apply", "--dry-run");
        Assert.That((told.Progress, told.Results), Is.EqualTo(("", "Job churn: 0 partition(s) of predictions, 0 rejected row(s) and 0 run(s) would go.\n")));
    }

    [TestCase("chrun", ExitCode.Usage, "There is no job \"chrun\" in ")]
    [TestCase("churn", ExitCode.BadConfiguration, "The database was not told yet how long job \"churn\" keeps what it writes: run `batchscorer db migrate`.")]
    public async Task A_job_that_the_database_does_not_know_is_refused(string job, ExitCode exitCode, string fault)
    {
        await RunAsync("db", "migrate", "--jobs", Path.GetTempPath() + Guid.NewGuid());

        var answer = await RunAsync("retention", "apply", job);

        Assert.That(answer.ExitCode, Is.EqualTo(exitCode));
        Assert.That(answer.Progress, Does.StartWith(fault));
    }

    private async Task MakeOldPredictionsAsync()
    {
        await MakeCustomersAsync(rows: 20);
        await RunAsync("run", "churn");
        await Database.ExecuteAsync(
            """
            SELECT scoring.ensure_predictions_partition('churn', '2024-03-15');
            UPDATE scoring.churn_predictions SET planned_on = '2024-03-15';
            UPDATE scoring.runs SET planned_on = '2024-03-15';
            UPDATE scoring.retention SET keep_predictions = '90 days';
            """);
    }

    private Task<IReadOnlyList<string>> PartitionsAsync() => Database.QueryAsync<string>("SELECT partition FROM scoring.predictions_partitions('churn')");
}
