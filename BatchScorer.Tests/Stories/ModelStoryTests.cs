using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Stories;

/// <summary>
/// A model ages and another takes its place: the source drifts, an alarm says so within one run, a new version is registered and scores in
/// the shadow, wins on labels that come late, is put in use between two runs and taken back, and each prediction leads to the bytes that made it.
/// </summary>
[OnOneServer]
internal sealed class ModelStoryTests(ServerKind kind) : CommandTests(kind)
{
    private const int RowsARun = 2500;

    private static readonly string First = TestJob.GoldenModel("churn");
    private static readonly string Second = Path.Combine(Path.GetDirectoryName(First)!, "model-v2.zip");

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_model_ages_and_another_takes_its_place()
    {
        await MakeCustomersAsync(RowsARun);
        WriteJob(challenger: null);

        await DoneAsync("models", "register", First, "--name", "churn", "--version", "1", "--reference-query", "SELECT * FROM demo.customers");
        await DoneAsync("models", "promote", "churn@1");
        await DoneAsync("db", "migrate");
        await DoneAsync("run", "leavers");
        Assert.That((await DoneAsync("alarms", "list", "leavers")).Results, Is.EqualTo("Job leavers has no alarms.\n"), "a calm run");

        await AddCustomersAsync(batch: 1);
        await DoneAsync("run", "leavers");
        Assert.That((await DoneAsync("alarms", "list", "leavers", "--open")).Results, Does.Contain("MonthlyCharges has drifted against the model's reference"));
        Assert.That((await DoneAsync("drift", "leavers")).Results, Does.Match(@"MonthlyCharges[\s\S]*1 of 21 columns of run 2 have drifted"));

        await DoneAsync("models", "register", Second, "--name", "churn", "--version", "2", "--reference-query", "SELECT * FROM demo.customers WHERE customer_id >= 1000000");
        WriteJob(challenger: "churn@newest");
        await DoneAsync("db", "migrate");
        await AddCustomersAsync(batch: 2);
        await DoneAsync("run", "leavers");
        Assert.That((await DoneAsync("models", "compare", "leavers")).Results, Does.Contain("churn@1").And.Contain("churn@2"));
        var early = await AskAsync("models", "promote", "churn@2", "--if-better", "auc");
        Assert.That((early.ExitCode, await ChampionAsync()), Is.EqualTo((ExitCode.BadConfiguration, "1")), early.Progress);

        // What happens next is as the second model foresaw.
        await Database.ExecuteAsync(
            """
            INSERT INTO demo.outcomes (customer_id, has_left, known_at) SELECT customer_id, challenger_churn_probability >= 0.5, clock_timestamp() FROM scoring.leavers_comparison
            """);
        await DoneAsync("quality", "leavers");
        await DoneAsync("models", "promote", "churn@2", "--if-better", "auc");
        Assert.That(await ChampionAsync(), Is.EqualTo("2"));
        WriteJob(challenger: null);
        await AddCustomersAsync(batch: 3);
        await DoneAsync("run", "leavers");

        await DoneAsync("models", "rollback", "churn");
        await AddCustomersAsync(batch: 4);
        await DoneAsync("run", "leavers");

        Assert.That(await Database.QueryAsync<string>("SELECT run_id || ' by ' || model_version FROM scoring.run_summary WHERE job = 'leavers' ORDER BY run_id"),
            Is.EqualTo(new[] { "1 by 1", "2 by 1", "3 by 1", "4 by 2", "5 by 1" }));
        await EachPredictionLeadsToTheBytesThatMadeItAsync();
    }

    /// <summary>Takes each model's bytes from where the predictions lead, has them score the same rows, and compares.</summary>
    private async Task EachPredictionLeadsToTheBytesThatMadeItAsync()
    {
        var compared = 0;
        foreach (var (sha256, content) in await Database.QueryAsync<(string, byte[])>("SELECT sha256, content FROM scoring.models WHERE sha256 IN (SELECT model_sha256 FROM scoring.leavers_latest JOIN scoring.runs USING (run_id))"))
        {
            await File.WriteAllBytesAsync(folder["model.zip"], content);
            await using (var connection = await Database.DataSource.OpenConnectionAsync())
            {
                using var rows = await connection.BeginTextExportAsync(
                    $"""
                    COPY (
                        SELECT source.*, latest.churn_probability::double precision AS told
                        FROM demo.customers AS source JOIN scoring.leavers_latest AS latest USING (customer_id) JOIN scoring.runs AS run USING (run_id)
                        WHERE run.model_sha256 = '{sha256}'
                    )
                    TO STDOUT (FORMAT CSV, HEADER)
                    """);
                await File.WriteAllTextAsync(folder["rows.csv"], await rows.ReadToEndAsync());
            }

            await DoneAsync("score", folder["model.zip"], "--in", folder["rows.csv"], "--out", folder["scores.csv"], "--columns", "told,probability");
            foreach (var line in File.ReadLines(folder["scores.csv"]).Skip(1))
            {
                var (told, probability) = line.Split(',') is [var one, var other] ? ((float)double.Parse(one, CultureInfo.InvariantCulture), float.Parse(other, CultureInfo.InvariantCulture)) : default;
                if (told != probability)
                    Assert.Fail($"The model {sha256} answers {probability}, and the prediction is {told}.");
                compared++;
            }
        }

        Assert.That(compared, Is.EqualTo(5 * RowsARun));
    }

    private void WriteJob(string? challenger) => folder.Write("leavers.json",
        $$"""
        {
          "name": "leavers",
          "source": { "table": "demo.customers", "key": ["customer_id"], "cursor": "updated_at" },
          "model": { "name": "churn" }, {{(challenger is null ? "" : $"\"challenger\": \"{challenger}\",")}}
          "outputs": { "churn_probability": "Probability" },
          "alarms": { "drift": { "columns": 1 } },
          "labels": { "table": "demo.outcomes", "label": "has_left", "time": "known_at" }
        }
        """);

    /// <summary>Customers who came since: like the first ones, but they pay more.</summary>
    private Task AddCustomersAsync(int batch) => Database.ExecuteAsync(
        $"""
        CREATE TEMPORARY TABLE new AS SELECT * FROM demo.customers WHERE customer_id < 1000000;
        UPDATE new SET customer_id = customer_id + {batch} * 1000000, updated_at = clock_timestamp(), monthly_charges = monthly_charges * 1.5;
        INSERT INTO demo.customers SELECT * FROM new;
        DROP TABLE new
        """);

    private async Task<string> ChampionAsync() => await Database.ScalarAsync<string>("SELECT version FROM scoring.model_champions WHERE name = 'churn'") ?? "none";

    private async Task<Invocation> DoneAsync(params string[] arguments)
    {
        var answer = await AskAsync(arguments);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), $"{string.Join(' ', arguments)}: {answer.Progress}");
        return answer;
    }

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings)
        {
            ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
            ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
        },
        arguments is ["score", ..] or ["models", "register", ..] ? arguments : [.. arguments, "--jobs", folder.Path]);
}
