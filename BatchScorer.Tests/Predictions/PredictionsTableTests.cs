using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Predictions;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Predictions;

internal sealed class PredictionsTableTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly PredictionLayout Churn = new(
        "churn", [new("customer_id", "bigint")], "timestamp with time zone", [new("region", "text")],
        [new("churn_probability", "Probability", 0, new ColumnType(ValueKind.Single))]);

    [Test]
    public async Task Applying_a_job_twice_makes_its_table_once()
    {
        Assert.That(await ApplyAsync(Churn), Is.True);
        Assert.That(await ApplyAsync(Churn), Is.False);
    }

    [Test]
    public async Task An_output_that_the_job_gains_becomes_a_column_of_the_table()
    {
        await ApplyAsync(Churn);
        var gained = Churn with { Outputs = [.. Churn.Outputs, new("will_leave", "PredictedLabel", 1, new ColumnType(ValueKind.Boolean))] };

        Assert.That(await ApplyAsync(gained), Is.True);
        await CheckAsync(gained);
        Assert.That(await Database.QueryAsync<bool?>("SELECT will_leave FROM scoring.churn_predictions"), Is.Empty);
    }

    [Test]
    public async Task A_retyped_and_a_renamed_column_are_refused_together_and_nothing_is_altered()
    {
        await ApplyAsync(Churn);
        var changed = Churn with
        {
            Key = [new("customer_id", "uuid")],
            Outputs = [new("probability", "Probability", 0, new ColumnType(ValueKind.Single))],
        };

        Assert.That(async () => await ApplyAsync(changed), Throws.TypeOf<BatchScorerException>()
            .With.Message.Contains("column \"customer_id\" is bigint, and the job now makes it uuid")
            .And.Message.Contains("column \"churn_probability\" is no longer among the job's")
            .And.Message.Contains("another name"));
        await CheckAsync(Churn);
    }

    [Test]
    public async Task A_layout_that_no_longer_fits_can_be_told_before_anything_runs()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        Assert.That(await PredictionsTable.FindMisfitAsync(connection, Churn, CancellationToken.None), Is.Null, "there is no table yet");
        await ApplyAsync(Churn);

        Assert.That(await PredictionsTable.FindMisfitAsync(connection, Churn, CancellationToken.None), Is.Null);
        Assert.That(await PredictionsTable.FindMisfitAsync(connection, Churn with { Outputs = [] }, CancellationToken.None), Does.Contain("column \"churn_probability\" is no longer"));
    }

    [Test]
    public void A_missing_table_says_how_to_make_it() =>
        Assert.That(async () => await CheckAsync(Churn), Throws.TypeOf<BatchScorerException>().With.Message.Contains("run `batchscorer db migrate`"));

    [Test]
    public async Task Every_column_of_a_predictions_table_is_explained()
    {
        await ApplyAsync(Churn);

        Assert.That(await Uncommented.FindAsync(Database), Is.Empty);
    }

    [Test]
    public async Task Every_table_and_column_of_the_ledger_is_explained() => Assert.That(await Uncommented.FindAsync(Database), Is.Empty);

    [Test]
    public async Task A_partition_is_made_once_however_many_ask_for_it()
    {
        await ApplyAsync(Churn);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Database.ExecuteAsync($"SELECT scoring.ensure_predictions_partition('churn', '2026-12-{i + 24}')")));

        Assert.That(await Database.QueryAsync<string>("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'scoring.churn_predictions'::regclass"),
            Is.EqualTo(new[] { "scoring.churn_predictions_202612" }));
    }

    private async Task<bool> ApplyAsync(PredictionLayout layout)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        var altered = await PredictionsTable.ApplyAsync(connection, layout, CancellationToken.None);
        await transaction.CommitAsync();
        return altered;
    }

    private async Task CheckAsync(PredictionLayout layout)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await PredictionsTable.CheckAsync(connection, layout, CancellationToken.None);
    }
}
