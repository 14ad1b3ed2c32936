using BatchScorer.Errors;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using CustomersTable = BatchScorer.Cli.Demo.CustomersTable;

namespace BatchScorer.Tests.Cli;

internal sealed class TrainCommandTests(ServerKind kind) : CommandTests(kind)
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public async Task MakeFolderAsync()
    {
        folder = new TemporaryFolder();
        File.Copy(TestJob.GoldenModel("churn"), folder["churn.zip"]);
        await MakeCustomersAsync(rows: 200);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task The_data_set_scores_as_its_rows_were_scored()
    {
        folder.Write("customers.sql", "SELECT *, upper(plan) AS tariff FROM demo.customers");
        Write("\"query\": \"customers.sql\"", "\"path\": \"churn.zip\", \"version\": \"1\"");
        await AskAsync("run", "churn");
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 150, default);

        var written = await AskAsync("train", "churn", "--out", folder["data.csv"]);
        Assert.That(written.ExitCode, Is.EqualTo(ExitCode.Done), written.Progress);
        Assert.That(written.Results, Is.EqualTo("rows      150 of 150 labelled predictions\n"));
        var scored = await AskAsync("score", folder["churn.zip"], "--in", folder["data.csv"], "--out", folder["scores.csv"], "--columns", "customer_id,probability,label");
        Assert.That(scored.ExitCode, Is.EqualTo(ExitCode.Done), scored.Progress);

        var known = await Database.QueryAsync<string>(
            "SELECT concat_ws(',', customer_id, churn_probability, has_left::integer) FROM scoring.churn_latest JOIN demo.outcomes USING (customer_id) ORDER BY customer_id");
        Assert.That(folder.Read("scores.csv").Skip(1).Select(Canonical), Is.EqualTo(known.Select(Canonical)));

        var json = await AskAsync("train", "churn", "--out", folder["data.csv"], "--to", "2020-01-01", "--json");
        Assert.That(Invocation.ShapeOf(json.Json), Is.EqualTo(
            "{columns: [{name: string, role: string, type: string}], labelled: number, rows: number, changed: number, vanished: number, expired: number, repeated: number, "
            + "rejected: number, tellsChanges: boolean, label: string}"));
        Assert.That(json.Json.GetProperty("labelled").GetInt64(), Is.Zero);

        static string Canonical(string line) => line.Split(',') is [var id, var score, var label] ? $"{id} {float.Parse(score)} {label}" : line;
    }

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings)
        {
            ["BATCHSCORER_BatchScorer__SourcesFolder"] = folder.Path,
            ["BATCHSCORER_BatchScorer__JobsFolder"] = folder.Path,
            ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
            ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
        },
        arguments);

    private void Write(string source, string model) => folder.Write("churn.json",
        $$"""
        {
          "name": "churn",
          "source": { {{source}}, "key": ["customer_id"], "cursor": "updated_at" },
          "model": { {{model}} },
          "outputs": { "churn_probability": "Probability", "will_leave": "PredictedLabel" },
          "carry": ["region"],
          "labels": { "table": "demo.outcomes", "label": "has_left", "time": "known_at" }
        }
        """);
}
