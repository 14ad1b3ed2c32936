using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Models.MLNet;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Scheduling;
using Dapper;
using CustomersTable = BatchScorer.Cli.Demo.CustomersTable;

namespace BatchScorer.Tests.Cli;

internal sealed class TrainCommandTests(ServerKind kind) : CommandTests(kind)
{
    private const string Customers = "\"table\": \"demo.customers\"";

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
            "{columns: [{name: string, role: string, type: string}], kind: string, labelled: number, rows: number, changed: number, vanished: number, expired: number, repeated: number, "
            + "rejected: number, tellsChanges: boolean, label: string}"));
        Assert.That(json.Json.GetProperty("labelled").GetInt64(), Is.Zero);

        static string Canonical(string line) => line.Split(',') is [var id, var score, var label] ? $"{id} {float.Parse(score)} {label}" : line;
    }

    [Test]
    public async Task What_the_jobs_command_trains_is_registered_and_promoted_where_the_job_allows_that()
    {
        await MakeChampionAsync(Retrain("cp", "model-v2.zip"));

        var trained = await AskAsync("train", "churn", "--version", "2");
        Assert.That((trained.ExitCode, trained.Progress), Is.EqualTo((ExitCode.Done, "label is label\n")));
        Assert.That(trained.Results, Does.Match(
            @"^Trained churn@2, which is registered\.\nrows      150 of 150 labelled predictions\nsha-256   [0-9a-f]{64}\ngolden    5 rows\nnext      batchscorer models promote churn@2\n$"));
        Assert.That((await AskAsync("models", "show", "churn@2")).Results, Does.Contain("trained by job churn on 150 rows"));
        Assert.That(await Database.QueryAsync<string>("SELECT version FROM scoring.reference_profiles JOIN scoring.model_versions ON sha256 = model_sha256"), Is.EqualTo(new[] { "2" }), "runs are compared with the data set");
        Assert.That((await AskAsync("train", "churn", "--version", "2")).Progress, Does.StartWith("churn@2 is registered already, and a version never changes"));

        Write(Customers, "\"name\": \"churn\"", Retrain("cp", "model-v2.zip", "\"promote\": true"));
        var promoted = await AskAsync("train", "churn", "--json");
        Assert.That(promoted.Progress, Is.EqualTo("label is label\n"));
        Assert.That(Invocation.ShapeOf(promoted.Json), Does.StartWith("{trainingId: number, name: string, version: string, sha256: string, goldenRows: number, isPromoted: boolean, data: {columns: "));
        var version = promoted.Json.GetProperty("version").GetString();
        Assert.That(version, Does.Match(@"^\d{4}-\d\d-\d\dT\d{6}Z$"));
        Assert.That((await AskAsync("models", "show", "churn@champion")).Results, Does.Contain($"churn@{version}, the champion"));

        var lines = (await AskAsync("trainings", "list", "--job", "churn")).Results.Split('\n');
        Assert.That(lines[1], Does.Match($@"^\s*2\s+churn\s+manual\s+promoted\s+.*\s150\s+churn@{version}\s*$"));
        Assert.That(lines[2], Does.Match(@"^\s*1\s+churn\s+manual\s+registered\s+.*\s150\s+churn@2\s*$"));
        Assert.That(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(folder["began"]).Trim())), Is.False);
    }

    [Test]
    public async Task What_will_not_do_is_not_registered_and_the_record_says_why()
    {
        await MakeChampionAsync(Retrain("cp", "regression.zip"));

        var unlike = await AskAsync("train", "churn");
        Assert.That(unlike.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(unlike.Progress, Does.Contain("churn.json:5: outputs.churn_probability: the model has no output \"Probability\"").And.Contain("The model that was trained is not registered: job churn would fail with it."));

        Write(Customers, "\"name\": \"churn\"", Retrain("echo", "no model >"));
        Assert.That((await AskAsync("train", "churn")).Progress, Does.Contain("model file").And.Contain("model.zip"));
        Write(Customers, "\"name\": \"churn\"", Retrain("false", "#"));
        Assert.That((await AskAsync("train", "churn")).Progress, Does.Contain("ended with exit code 1 after").And.Contain("  label is label\n"));
        Assert.That((await AskAsync("train", "churn", "--to", "2020-01-01")).Progress, Does.StartWith("Job \"churn\" has no prediction of which it is known what happened, so there is nothing to train on"));

        var trainings = await AskAsync("trainings", "list", "--json");
        Assert.That(trainings.Json.EnumerateArray().Select(training => training.GetProperty("state").GetString()), Is.EqualTo(new[] { "failed", "failed", "failed", "failed" }));
        Assert.That(trainings.Json[1].GetProperty("error").GetString(), Does.Contain("exit code 1"));
        Assert.That(await Database.QueryAsync<string>("SELECT version FROM scoring.model_versions"), Is.EqualTo(new[] { "1" }));
        Assert.That(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(folder["began"]).Trim())), Is.False);
    }

    [Test]
    public async Task A_job_is_trained_by_one_at_a_time_and_what_somebody_left_is_lost()
    {
        await MakeChampionAsync(Retrain("cp", "model-v2.zip"));
        await using var other = await Database.DataSource.OpenConnectionAsync();
        await other.ExecuteAsync("SELECT pg_advisory_lock(hashtextextended('batchscorer training of churn', 0)); INSERT INTO scoring.trainings (job, reason, host) VALUES ('churn', 'manual', 'other')");

        var refused = await AskAsync("train", "churn");
        Assert.That((refused.ExitCode, refused.Progress), Is.EqualTo((ExitCode.UnderWayElsewhere,
            "Job \"churn\" is being trained already: see `batchscorer trainings list --job churn`, and wait for its end.\n")));

        await other.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        Assert.That((await AskAsync("train", "churn")).ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(await Database.QueryAsync<string>("SELECT state FROM scoring.trainings ORDER BY training_id"), Is.EqualTo(new[] { "lost", "registered" }));
    }

    [Test]
    public async Task Ctrl_C_ends_the_command_and_the_training()
    {
        await MakeChampionAsync(Retrain("sleep 300 #", ""));
        using var stop = new StopRequest();
        var training = Invocation.RunAsync(SettingsInFolder, stop, "train", "churn");
        await ScheduledJob.UntilAsync(() => Task.FromResult(File.Exists(folder["began"])), "the command has begun");

        stop.Stop(ExitCode.Interrupted);

        Assert.That((await training).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(await Database.ScalarAsync<string>("SELECT state FROM scoring.trainings"), Is.EqualTo("cancelled"));
        Assert.That(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(folder["began"]).Trim())), Is.False);
    }

    [Test]
    public async Task A_job_that_names_no_command_or_no_registered_model_is_told_how()
    {
        Write(Customers, "\"path\": \"churn.zip\"");
        Assert.That((await AskAsync("train", "churn")).Progress, Does.StartWith("Job \"churn\" does not say what trains its model: name it in churn.json, "));
        Assert.That((await AskAsync("train", "churn", "--out", "-", "--version", "1")).Progress, Does.Contain("--out writes the data set and trains nothing"));
        Assert.That((await AskAsync("train", "churn", "--version", "champion")).Progress, Does.Contain("--version is \"champion\", expected a version"));
    }

    [Test]
    public async Task A_build_without_FastTree_says_so_and_what_to_do()
    {
        if (MLNetTraining.IsBuiltIn)
            Assert.Ignore("This build can train with FastTree.");
        Write(Customers, "\"name\": \"churn\"");

        var answer = await AskAsync("train", "churn", "--with", "fasttree");

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.BadConfiguration, answer.Progress)));
        Assert.That(answer.Progress, Does.StartWith("This build cannot train with FastTree, because its package feed had no Microsoft.ML.FastTree: name a command in the job file"));
    }

    [Test]
    public async Task FastTree_trains_a_model_that_both_engines_score_alike()
    {
        FastTreeLibrary.Require();
        await MakeChampionAsync(", \"retrain\": { \"with\": \"fasttree\", \"promote\": true }");

        var trained = await AskAsync("train", "churn", "--version", "2");

        Assert.That((trained.ExitCode, trained.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(trained.Results, Does.StartWith("Trained churn@2, which is registered and in use.\n"));
        // Where both engines are there, a run has both score its first rows.
        await Database.ExecuteAsync("UPDATE demo.customers SET updated_at = now()");
        var run = await AskAsync("run", "churn");
        Assert.That(run.Results, Does.Contain("churn 2, engine Compiled").And.Contain("200 scored"), run.Progress);
        var (yes, no) = await Database.QueryAsync<(double, double)>(
            """
            SELECT avg(churn_probability) FILTER (WHERE has_left)::double precision, avg(churn_probability) FILTER (WHERE NOT has_left)::double precision
            FROM scoring.churn_latest JOIN demo.outcomes USING (customer_id)
            """) is [var means] ? means : default;
        Assert.That(yes, Is.GreaterThan(no + 0.3), "it has learned who left");
    }

    [Test]
    public async Task A_schedule_trains_each_slot_once()
    {
        await MakeChampionAsync(Retrain("cp", "model-v2.zip", "\"schedule\": { \"cron\": \"0/2 * * * * ?\", \"timeZone\": \"Europe/Berlin\" }"));
        using var stop = new StopRequest();
        var settings = new Dictionary<string, string>(SettingsInFolder) { ["BATCHSCORER_BatchScorer__HealthAddress"] = "off" };
        var nodes = new[] { true, false }.Select(cluster => Invocation.RunAsync(
            new Dictionary<string, string>(settings) { ["BATCHSCORER_BatchScorer__Cluster"] = $"{cluster}" }, stop, "serve")).ToList();

        await ScheduledJob.UntilAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.trainings WHERE state = 'registered'") >= 2, "two slots have been trained");
        stop.Stop(ExitCode.Terminated);
        await Task.WhenAll(nodes);

        var trainings = await Database.QueryAsync<string>("SELECT concat_ws(' ', reason, extract(second FROM slot)::integer % 2, model_version IS NOT NULL) FROM scoring.trainings WHERE state = 'registered'");
        Assert.That(trainings, Is.All.EqualTo("schedule 0 t"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) - count(DISTINCT slot) FROM scoring.trainings"), Is.Zero);
    }

    [Test]
    public async Task An_alarm_that_begins_has_the_model_trained_once()
    {
        await MakeChampionAsync(Retrain("cp", "model-v2.zip", "\"onAlarm\": [\"drift\"]") + ", \"alarms\": { \"drift\": { \"columns\": 1 } }");
        await Database.ExecuteAsync(
            "INSERT INTO scoring.alarms (job, run_id, kind, subject, value, limit_value, message, look_at, since, raised_at) VALUES ('churn', 1, 'drift', 'Seats', 1, 0.1, 'it has drifted', 'it', now(), now())");
        using var stop = new StopRequest();
        var settings = new Dictionary<string, string>(SettingsInFolder) { ["BATCHSCORER_BatchScorer__HealthAddress"] = "off" };
        var nodes = new[] { true, false }.Select(cluster => Invocation.RunAsync(
            new Dictionary<string, string>(settings) { ["BATCHSCORER_BatchScorer__Cluster"] = $"{cluster}" }, stop, "serve")).ToList();

        await ScheduledJob.UntilAsync(async () => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.trainings WHERE state = 'registered'") == 1, "the model is trained");
        await Task.Delay(TimeSpan.FromSeconds(5));
        stop.Stop(ExitCode.Terminated);
        await Task.WhenAll(nodes);

        Assert.That(
            await Database.QueryAsync<string>("SELECT concat_ws(' ', reason, slot = since) FROM scoring.trainings CROSS JOIN scoring.alarms WHERE kind = 'drift'"), Is.EqualTo(new[] { "alarm t" }));
    }

    private Dictionary<string, string> SettingsInFolder => new(Settings)
    {
        ["BATCHSCORER_BatchScorer__SourcesFolder"] = folder.Path,
        ["BATCHSCORER_BatchScorer__JobsFolder"] = folder.Path,
        ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
        ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
    };

    /// <summary>A shell script that notes where its folder is, leaves golden rows, and has a program leave the model.</summary>
    private string Retrain(string program, string argument, string more = "")
    {
        folder.Write("train.sh",
            "echo \"$BATCHSCORER_DATA\" > began", "echo \"label is $BATCHSCORER_LABEL\" >&2", "head -n 6 \"$BATCHSCORER_DATA\" > \"$BATCHSCORER_GOLDEN\"",
            $"{program} {argument} \"$BATCHSCORER_MODEL\"");
        return $", \"retrain\": {{ \"command\": [\"sh\", \"train.sh\"]{(more.Length > 0 ? $", {more}" : "")} }}";
    }

    /// <summary>Has a registered model score the customers, of 150 of which it becomes known what happened.</summary>
    private async Task MakeChampionAsync(string retrain)
    {
        foreach (var (file, golden) in new[] { ("model-v2.zip", "churn/model-v2.zip"), ("regression.zip", "fasttree_regression/model.zip") })
            File.Copy(Path.Combine(Path.GetDirectoryName(TestJob.GoldenModel("churn"))!, "..", golden), folder[file]);
        await AskAsync("models", "register", folder["churn.zip"], "--name", "churn", "--version", "1");
        Write(Customers, "\"name\": \"churn\"", retrain);
        var promoted = await AskAsync("models", "promote", "churn@1");
        Assert.That(promoted.ExitCode, Is.EqualTo(ExitCode.Done), promoted.Progress);
        await AskAsync("db", "migrate");
        var run = await AskAsync("run", "churn");
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Done), run.Progress);
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 150, default);
    }

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(SettingsInFolder, arguments);

    private void Write(string source, string model, string more = "") => folder.Write("churn.json",
        $$"""
        {
          "name": "churn",
          "source": { {{source}}, "key": ["customer_id"], "cursor": "updated_at" },
          "model": { {{model}} },
          "outputs": { "churn_probability": "Probability", "will_leave": "PredictedLabel" },
          "carry": ["region"],
          "labels": { "table": "demo.outcomes", "label": "has_left", "time": "known_at" }{{more}}
        }
        """);
}
