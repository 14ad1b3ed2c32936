using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality.Slices;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Quality;

/// <summary>What labelled predictions come to, by model version, window and lag.</summary>
internal sealed class QualityTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Each_model_version_has_its_own_quality_over_all_labels_by_window_and_by_lag()
    {
        await using var job = await LabelledJob.CreateAsync(Database, LabelledJob.Labels with { Threshold = 0.25, Window = LabelWindow.Month }, rows: 40);
        WithVersion(job, "first");
        await job.ScoreAsync("2024-01-10");
        WithVersion(job, "second");
        await job.ScoreAsync("2024-02-10");
        await Database.ExecuteAsync("INSERT INTO outcomes SELECT customer_id, churned, '2024-01-10 12:00Z'::timestamptz + (customer_id % 40) * interval '1 day' FROM customers");

        await job.UpdateAsync();

        var slices = (await job.ReadAsync(Enum.GetValues<SliceKind>())).Slices;
        Assert.That(slices.Select(slice => $"{slice.ModelVersion} {slice.Slice} {slice.WindowFrom:yyyy-MM-dd} {slice.Lag} {slice.Labelled}"), Is.EqualTo(new[]
        {
            "first All   31", "first Window 2024-01-01  22", "first Window 2024-02-01  9",
            "first Lag  under 1 day 1", "first Lag  1 to 7 days 6", "first Lag  7 to 30 days 23", "first Lag  30 to 90 days 1",
            "second All   9", "second Window 2024-02-01  9", "second Lag  under 1 day 1", "second Lag  1 to 7 days 6", "second Lag  7 to 30 days 2",
        }));
        Assert.That(slices[0].LabelledShare, Is.EqualTo(31 / 40.0));
        Assert.That(slices[0].WindowTo, Is.Null);
        Assert.That(slices[1].WindowTo, Is.EqualTo(new DateTime(2024, 2, 1, 0, 0, 0, DateTimeKind.Utc)));

        // What SQL says of the same rows.
        var (brier, recall) = await Database.ScalarAsync<string>(
            """
            SELECT avg((predicted - actual) ^ 2) || ' ' || count(*) FILTER (WHERE predicted >= 0.25 AND actual = 1)::double precision / count(*) FILTER (WHERE actual = 1)
            FROM scoring.labelled_predictions WHERE run_id = 1
            """) is { } text && text.Split(' ') is [var first, var second] ? (double.Parse(first), double.Parse(second)) : default;
        Assert.That(slices[0].Metrics.Single(metric => metric.Name == "brier").Value, Is.EqualTo(brier).Within(1e-12));
        Assert.That(slices[0].Metrics.Single(metric => metric.Name == "recall").Value, Is.EqualTo(recall).Within(1e-12));
        Assert.That(slices[0].Calibration!.Sum(bin => bin.Rows), Is.EqualTo(31));
        Assert.That(slices[0].Confusion!.Sum(cell => cell.Rows), Is.EqualTo(31));

        var stored = await Database.QueryAsync<string>("SELECT DISTINCT concat_ws(' ', model_version, slice, to_char(window_from AT TIME ZONE 'UTC', 'YYYY-MM-DD'), lag, labelled) FROM scoring.quality");
        Assert.That(stored, Is.EquivalentTo(slices.Select(slice => string.Join(' ',
            new[] { slice.ModelVersion, slice.Slice.ToString().ToLowerInvariant(), slice.WindowFrom?.ToString("yyyy-MM-dd"), slice.Lag, $"{slice.Labelled}" }.Where(part => part is not null)))));
        Assert.That(await Database.ScalarAsync<double>("SELECT value FROM scoring.quality WHERE (model_version, slice, metric) = ('first', 'all', 'brier')"), Is.EqualTo(brier).Within(1e-12));
    }

    [Test]
    public async Task Another_threshold_is_measured_without_taking_labels_up_again()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.LabelAsync(100001, true, "2024-01-15");
        await job.UpdateAsync();

        job.Job.Definition = job.Job.Definition with { Labels = LabelledJob.Labels with { Threshold = 0 } };
        Assert.That((await job.UpdateAsync()).Changed, Is.Zero);

        Assert.That(await Database.ScalarAsync<double>("SELECT value FROM scoring.quality WHERE (slice, metric) = ('all', 'recall')"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<string>("SELECT reason FROM scoring.quality WHERE (slice, metric) = ('all', 'auc')"), Is.EqualTo("every label is positive"));
    }

    [Test]
    public async Task Classes_are_compared_by_name_and_by_the_probability_of_the_one_that_came()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE machines (serial text PRIMARY KEY, machine_type text, vibration real, current real, pressure real, temperature real);
            INSERT INTO machines VALUES ('a/1', '', 5.2, 4.4, 3.4, 29.9), ('b', '', 4.7, 5.3, 4, 31.8), ('c', '', 5.2, 4.4, 3.4, 29.9);
            CREATE TYPE kind AS ENUM ('lathe', 'mill', 'press');
            CREATE TABLE inspections AS SELECT serial, type::kind, '2024-01-15 00:00Z'::timestamptz AS at FROM (VALUES ('a/1', 'mill'), ('b', 'mill'), ('c', 'press')) AS seen (serial, type);
            """);
        var labels = new JobLabels { Table = new QualifiedName("public", "inspections"), Label = "type", Time = "at", Classes = ["lathe", "mill", "press"], Probabilities = "score" };
        await using var job = await LabelledJob.CreateAsync(Database, "maximum_entropy", new JobSource { Table = new QualifiedName("public", "machines"), Key = ["serial"] }, labels);
        await job.ScoreAsync("2024-01-10");

        await job.UpdateAsync();

        var quality = await job.ReadAsync(SliceKind.All);
        Assert.That((quality.Kind, quality.Output), Is.EqualTo((LabelKind.Multiclass, "predicted_label")));
        var slice = quality.Slices.Single();
        Assert.That(slice.Confusion!.Select(cell => $"{cell.Actual} as {cell.Predicted}: {cell.Rows}"), Is.EqualTo(new[] { "mill as mill: 2", "press as mill: 1" }));
        // The golden corpus has the scores: 0.6028421 and 0.48594734 of mill, 0.3429824 of press.
        var loss = -(Math.Log(0.6028421f) + Math.Log(0.48594734f) + Math.Log(0.3429824f)) / 3;
        Assert.That(slice.Metrics.Select(metric => metric.Value), Is.EqualTo(new double?[] { 2 / 3.0, loss, 0.4 }).Within(1e-5));
    }

    [Test]
    public async Task Numbers_are_compared_with_numbers()
    {
        await using var job = await LabelledJob.CreateAsync(Database, new JobLabels
        {
            Table = new QualifiedName("public", "paid"), Label = "amount", Time = "at", Kind = LabelKind.Regression, Output = "score",
        });
        await Database.ExecuteAsync("CREATE TABLE paid (customer_id bigint, amount numeric, at timestamptz)");
        await job.ScoreAsync("2024-01-10");
        await Database.ExecuteAsync("INSERT INTO paid SELECT customer_id, score::numeric + 2, '2024-01-15 00:00Z' FROM scoring.job_latest");

        await job.UpdateAsync();

        var metrics = (await job.ReadAsync(SliceKind.All)).Slices.Single().Metrics;
        Assert.That(metrics.Take(2).Select(metric => metric.Value), Is.All.EqualTo(2).Within(1e-5));
    }

    private static void WithVersion(LabelledJob job, string version) =>
        job.Job.Definition = job.Job.Definition with { Model = job.Job.Definition.Model with { Version = version } };
}
