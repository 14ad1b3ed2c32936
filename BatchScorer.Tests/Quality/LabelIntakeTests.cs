using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Quality;

/// <summary>Labels that come late, are corrected or have nothing to be compared with.</summary>
internal sealed class LabelIntakeTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_label_is_compared_with_the_newest_prediction_that_was_shown_when_it_happened()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.ScoreAsync("2024-01-20");
        await job.LabelAsync(100001, true, "2024-01-05");
        await job.LabelAsync(100002, true, "2024-01-15");
        await job.LabelAsync(100003, false, "2024-01-25");
        await job.LabelAsync(100004, false, "2024-01-20");
        await job.LabelAsync(999999, false, "2024-01-25");

        var intake = await job.UpdateAsync();

        Assert.That((intake.Read, intake.Changed), Is.EqualTo((4, 3)), "what happened before any prediction is not even read");
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100002 run 1 1 01-15", "100003 run 2 0 01-25", "100004 run 2 0 01-20" }));
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT bool_and(predicted = probability) FROM scoring.labelled_predictions AS paired JOIN scoring.job_predictions AS made ON made.customer_id::text = key[1] AND made.run_id = paired.run_id"), Is.True);
    }

    [Test]
    public async Task Labels_that_come_late_are_found_as_far_as_the_job_looks_back_and_all_on_request()
    {
        await using var job = await LabelledJob.CreateAsync(Database, LabelledJob.Labels with { Lookback = TimeSpan.FromDays(10) });
        await job.ScoreAsync("2024-01-10");
        Assert.That((await job.UpdateAsync()).Read, Is.Zero);
        await job.LabelAsync(100001, true, "2024-03-01");
        await job.UpdateAsync();

        await job.LabelAsync(100002, true, "2024-02-25");
        await job.LabelAsync(100003, true, "2024-02-01");
        Assert.That((await job.UpdateAsync()).Changed, Is.EqualTo(1));
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 1 1 03-01", "100002 run 1 1 02-25" }));

        Assert.That((await job.UpdateAsync(all: true)).Changed, Is.EqualTo(1));
        Assert.That(await job.LabelledAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task The_newest_label_counts_whether_it_was_added_or_corrected_in_place()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.LabelAsync(100001, false, "2024-01-15");
        await job.LabelAsync(100002, false, "2024-01-15");
        await job.LabelAsync(100003, true, "2024-01-15");
        await job.UpdateAsync();

        await job.LabelAsync(100001, true, "2024-01-18");
        await job.LabelAsync(100001, false, "2024-01-12");
        await Database.ExecuteAsync("UPDATE outcomes SET has_left = true WHERE customer_id = 100002; DELETE FROM outcomes WHERE customer_id = 100003");
        await job.UpdateAsync();
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 1 1 01-18", "100002 run 1 1 01-15" }));

        await Database.ExecuteAsync("DELETE FROM outcomes WHERE happened_at >= '2024-01-17 00:00Z'");
        await job.UpdateAsync();
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 1 0 01-15", "100002 run 1 1 01-15" }));
    }

    [Test]
    public async Task A_label_that_is_null_is_none_and_one_of_the_future_waits()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.LabelAsync(100001, null, "2024-01-15");
        await job.LabelAsync(100002, true, "2900-01-01");
        await job.LabelAsync(100003, true, "infinity");
        await Database.ExecuteAsync("INSERT INTO outcomes VALUES (NULL, true, '2024-01-15 00:00Z'), (100004, true, NULL)");

        Assert.That((await job.UpdateAsync()).Read, Is.Zero);
        Assert.That(await job.LabelledAsync(), Is.Empty);
    }

    [Test]
    public async Task A_second_time_nothing_changes()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.ScoreAsync("2024-01-20");
        foreach (var (id, day) in new[] { (100001, 12), (100001, 15), (100001, 22), (100002, 21), (100003, 5) })
            await job.LabelAsync(id, day % 2 == 0, $"2024-01-{day:00}");
        await job.LabelAsync(100002, false, "2024-01-21");
        Assert.That((await job.UpdateAsync()).Changed, Is.EqualTo(3));
        var before = await StateAsync();

        Assert.That((await job.UpdateAsync()).Changed, Is.Zero);
        Assert.That((await job.UpdateAsync(all: true)).Changed, Is.Zero);
        Assert.That(await StateAsync(), Is.EqualTo(before));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.incoming_labels"), Is.Zero);

        Task<IReadOnlyList<string>> StateAsync() => Database.QueryAsync<string>(
            "SELECT concat(xmin, paired) FROM scoring.labelled_predictions AS paired UNION ALL SELECT concat(xmin, quality) FROM scoring.quality AS quality");
    }

    [Test]
    public async Task A_withdrawn_run_no_longer_counts_and_one_that_is_shown_again_does()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        var second = await job.ScoreAsync("2024-01-20");
        await job.LabelAsync(100001, true, "2024-01-25");
        await job.LabelAsync(100002, true, "2024-01-15");
        await job.UpdateAsync();

        await job.WithdrawAsync(second, "2024-02-01");
        await job.UpdateAsync();
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 1 1 01-25", "100002 run 1 1 01-15" }));

        await job.PublishAsync(second, "2024-03-01");
        await job.LabelAsync(100003, true, "2024-02-15");
        await job.UpdateAsync();
        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 2 1 01-25", "100002 run 1 1 01-15", "100003 run 1 1 02-15" }), "on 02-15 readers saw run 1");
        Assert.That((await job.UpdateAsync()).Changed, Is.Zero);
    }

    [Test]
    public async Task Keys_of_several_columns_may_have_other_names_and_widths_where_labels_are()
    {
        await CustomersTable.CreateAsync(Database, 4);
        await Database.ExecuteAsync(
            """
            ALTER TABLE customers ALTER plan SET NOT NULL, ADD UNIQUE (plan, customer_id);
            CREATE TABLE ends AS SELECT customer_id::integer AS customer, plan::varchar(20) AS tariff, 1.5 AS paid, '2024-01-15 00:00Z'::timestamptz AS day FROM customers;
            INSERT INTO ends SELECT customer, 'another plan', paid, day FROM ends;
            """);
        var labels = new JobLabels { Table = new QualifiedName("public", "ends"), Key = ["tariff", "customer"], Label = "paid", Time = "day", Positive = "1.5" };
        await using var job = await LabelledJob.CreateAsync(Database, "churn", CustomersTable.Source with { Key = ["plan", "customer_id"] }, labels);
        await job.ScoreAsync("2024-01-10");

        await job.UpdateAsync();

        Assert.That(await job.LabelledAsync(), Is.EquivalentTo(await Database.QueryAsync<string>("SELECT concat(plan, '/', customer_id, ' run 1 1 01-15') FROM customers")));
    }

    [Test]
    public async Task Labels_of_before_the_file_was_changed_are_compared_anew()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.LabelAsync(100001, true, "2024-01-15");
        await job.UpdateAsync();

        job.Job.Definition = job.Job.Definition with { Labels = LabelledJob.Labels with { Positive = "false" } };
        await job.UpdateAsync();

        Assert.That(await job.LabelledAsync(), Is.EqualTo(new[] { "100001 run 1 0 01-15" }));
    }

    [Test]
    public async Task Labels_go_with_their_runs()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await job.LabelAsync(100001, true, "2024-01-15");
        await job.UpdateAsync();

        await Database.ExecuteAsync("DELETE FROM scoring.runs");

        Assert.That(await job.LabelledAsync(), Is.Empty);
    }

    [Test]
    public async Task A_job_without_published_predictions_has_nothing_to_compare()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.LabelAsync(100001, true, "2024-01-15");

        Assert.That((await job.UpdateAsync()).From, Is.Null);
    }

    [Test]
    public async Task A_label_that_will_not_do_is_named_and_nothing_changes()
    {
        await using var job = await LabelledJob.CreateAsync(Database);
        await job.ScoreAsync("2024-01-10");
        await Database.ExecuteAsync("DROP TABLE outcomes; CREATE TABLE outcomes AS SELECT 100001::bigint AS customer_id, 2 AS has_left, '2024-01-15 00:00Z'::timestamptz AS happened_at");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => job.UpdateAsync());

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(fault.Message, Is.EqualTo("job.json: labels.label: the label of key (100001) is 2, expected 0 or 1; correct the label, or say which value means yes, \"positive\": \"…\""));
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM scoring.incoming_labels) + (SELECT count(*) FROM scoring.labels_taken_up)"), Is.Zero);
    }
}
