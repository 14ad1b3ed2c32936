using BatchScorer.Errors;
using BatchScorer.Quality.Challengers;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs.Challengers;

namespace BatchScorer.Tests.Quality.Challengers;

internal sealed class ModelComparisonTests(ServerKind kind) : DatabaseTests(kind)
{
    /// <summary>Answers of both models that can be reckoned with by hand, and labels for all but the last.</summary>
    private const string ByHand =
        """
        CREATE TABLE hand (customer_id bigint, model real, challenger real, actual double precision);
        INSERT INTO hand VALUES (100001, 0.125, 0.125, 0), (100002, 0.25, 0.375, 1), (100003, 0.25, 0.125, 0), (100004, 0.625, 0.75, 1), (100005, 0.875, 0.5, NULL);
        UPDATE scoring.job_predictions AS prediction SET probability = model FROM hand WHERE hand.customer_id = prediction.customer_id;
        UPDATE scoring.job_challenger AS prediction SET probability = challenger FROM hand WHERE hand.customer_id = prediction.customer_id;
        INSERT INTO scoring.labelled_predictions (job, key, run_id, predicted, actual, label_time, published_at)
        SELECT 'job', ARRAY[customer_id::text], 1, model, actual, now(), now() FROM hand WHERE actual IS NOT NULL;
        """;

    [Test]
    public async Task Scores_classes_and_qualities_are_compared_as_by_hand()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5);
        job.Job.Definition = job.Job.Definition with { Labels = LabelledJob.Labels with { Threshold = 0.6 } };
        await job.RunAsync(chunkRows: 2);
        await Database.ExecuteAsync(ByHand);

        var found = await CompareAsync(job);

        Assert.That((found.Model, found.Challenger, found.Rows, found.RejectedByModelAlone, found.RejectedByChallengerAlone), Is.EqualTo(("churn@1", "churn@2", 5, 0, 0)));
        // Ranks 1, 2.5, 2.5, 4, 5 and 1.5, 3, 1.5, 5, 4.
        Assert.That(found.Score!.Output, Is.EqualTo("probability"));
        Assert.That(found.Score.RankCorrelation, Is.EqualTo(7.75 / 9.5).Within(1e-12));
        Assert.That(found.Score.Correlation, Is.EqualTo(0.25 / Math.Sqrt(0.39375 * 0.28125)).Within(1e-12));
        Assert.That(found.Score.MeanDifference, Is.EqualTo(-0.05).Within(1e-12));
        Assert.That(found.Score.Difference.Select(quantile => quantile.Value), Is.EqualTo(new[] { -0.375, -0.365, -0.325, -0.125, 0, 0.125, 0.125, 0.125, 0.125 }).Within(1e-12));
        Assert.That((found.Class!.Output, found.Class.Agreement, found.Class.Changed), Is.EqualTo(("probability", 0.8, 1)));
        Assert.That(found.Class.Changes, Is.EqualTo(new[] { new ClassChange("true", "false", 1) }));
        var metrics = found.Quality!.Metrics.ToDictionary(metric => metric.Name);
        Assert.That(found.Quality.Labelled, Is.EqualTo(4));
        Assert.That((metrics["auc"].Model, metrics["auc"].Challenger, metrics["auc"].ChallengerIsBetter), Is.EqualTo((0.875, 1.0, true)));
        Assert.That((metrics["brier"].Model, metrics["brier"].Challenger, metrics["brier"].ChallengerIsBetter), Is.EqualTo((0.1953125, 0.12109375, true)));
        Assert.That(metrics["precision"].ChallengerIsBetter, Is.False, "both are 1");
    }

    [Test]
    public async Task Rows_that_either_rejects_alone_are_counted_and_only_published_runs_of_the_newest_two_models_are_compared()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 300);
        await job.RunAsync();
        job.Job.Definition = job.Job.Definition with { Challenger = ChallengedJob.Vectors };
        await Database.ExecuteAsync(
            """
            UPDATE customers SET auto_pay = NULL WHERE customer_id % 100 IN (1, 2);
            UPDATE customers SET features = NULL WHERE customer_id % 100 IN (2, 3, 4);
            """);
        await job.RunAsync(chunkRows: 90);
        await job.RunAsync(chunkRows: 50);

        var found = await CompareAsync(job);
        Assert.That((found.Challenger, found.Rows, found.RejectedByModelAlone, found.RejectedByChallengerAlone, found.ChunksLeftOut), Is.EqualTo(("vectors@1", 2 * 288, 2 * 3, 2 * 6, 0)));
        Assert.That(found.Runs, Is.EqualTo(new[] { 2, 3 }));
        Assert.That((found.Quality, found.Class!.Output, found.Class.Threshold), Is.EqualTo((null as BothQualities, "predicted_label", null as double?)));
        Assert.That((await CompareAsync(job, new ComparisonChoice { Run = 1 })).Challenger, Is.EqualTo("churn@2"));
        Assert.That((await CompareAsync(job, new ComparisonChoice { To = await Database.ScalarAsync<DateTime>("SELECT shown_from FROM scoring.run_publications WHERE run_id = 3") })).Runs, Is.EqualTo(new[] { 2 }));

        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        foreach (var run in new[] { 2, 3 })
            await new RunControl(database).WithdrawAsync(run, default);
        Assert.That((await CompareAsync(job)).Runs, Is.EqualTo(new[] { 1 }));
        await Assert.ThatAsync(() => CompareAsync(job, new ComparisonChoice { Run = 3 }), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("Run 3 of job \"job\" is not published with a challenger"));
    }

    [Test]
    public async Task A_challenger_without_the_first_of_the_outputs_is_compared_by_the_next()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5);
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.job_challenger SET probability = NULL");

        var found = await CompareAsync(job);

        Assert.That((found.Score!.Output, found.Class!.Output), Is.EqualTo(("score", "predicted_label")));
    }

    [Test]
    public async Task A_job_that_never_had_a_challenger_says_how_to_give_it_one()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5);
        await Database.ExecuteAsync("DROP VIEW scoring.job_comparison");

        await Assert.ThatAsync(() => CompareAsync(job), Throws.TypeOf<BatchScorerException>().With.Property("ExitCode").EqualTo(ExitCode.BadConfiguration).And.Message.EqualTo(
            "Job \"job\" has no challenger to be compared with: name a registered model in job.json, \"challenger\": \"NAME@VERSION\", then run `batchscorer db migrate` and `batchscorer run job`."));
    }

    private async Task<ComparisonRecord> CompareAsync(ChallengedJob job, ComparisonChoice? choice = null)
    {
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        return await new ModelComparison(database).ReadAsync(job.Job.Job, choice ?? new ComparisonChoice(), default);
    }
}
