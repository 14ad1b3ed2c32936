using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli.Demo;

/// <summary>The demo in a database that is configured.</summary>
[OnOneServer]
internal sealed class DemoTests(ServerKind kind) : CommandTests(kind)
{
    [Test]
    public async Task It_shows_the_run_the_likeliest_to_leave_and_that_no_row_was_rejected_and_goes_again()
    {
        await using var empty = await Server.CreateEmptyDatabaseAsync();

        var demo = await Invocation.RunAsync(SettingsOf(empty), "demo", "--rows", "2000");

        Assert.That(demo.ExitCode, Is.EqualTo(ExitCode.Done), demo.Progress);
        Assert.That(demo.Results, Does.Contain("1 of job churn, published")
            .And.Contain("2,000 read, 2,000 scored, 0 rejected")
            .And.Contain("rows/s")
            .And.Contain("No row was rejected.")
            .And.Contain("The 10 customers most likely to leave:")
            .And.Contain("The demo's tables are gone again"));
        Assert.That(await TablesAsync(empty), Is.Empty);
        Assert.That(await empty.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.Zero);
    }

    [Test]
    public async Task What_is_kept_has_the_scores_of_MLNet_and_the_removal_that_is_printed_removes_it()
    {
        var demo = await RunAsync("demo", "--rows", "20100", "--keep", "--json");
        Assert.That(demo.ExitCode, Is.EqualTo(ExitCode.Done), demo.Progress);
        Assert.That(demo.Json.GetProperty("psql").GetString(), Does.StartWith("psql \"postgresql://postgres@127.0.0.1:").And.EndsWith($"/{Database.Name}\""));

        var probabilities = await Database.QueryAsync<float>("SELECT churn_probability FROM scoring.churn_latest ORDER BY churn_probability DESC, customer_id LIMIT 10");
        Assert.That(demo.Json.GetProperty("likelyToLeave").EnumerateArray().Select(customer => customer.GetProperty("churnProbability").GetSingle()), Is.EqualTo(probabilities));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.EqualTo(20_100));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM demo.customers WHERE customer_id > 120000"), Is.EqualTo(100));

        var again = await RunAsync("demo");
        Assert.That((again.ExitCode, again.Results), Is.EqualTo((ExitCode.BadConfiguration, "")));
        Assert.That(again.Progress, Does.Contain("has demo.customers and scoring.churn_predictions already"));

        await Database.ExecuteAsync(demo.Json.GetProperty("removal").GetString()!);
        Assert.That(await TablesAsync(Database), Is.Empty);
    }

    [Test]
    public async Task Tables_that_were_there_before_are_left_as_they_are()
    {
        await Database.ExecuteAsync("CREATE SCHEMA demo; CREATE TABLE demo.customers (mine integer)");

        var demo = await RunAsync("demo", "--rows", "10");

        Assert.That(demo.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(await Database.ScalarAsync<string>("SELECT attname FROM pg_attribute WHERE attrelid = 'demo.customers'::regclass AND attnum = 1"), Is.EqualTo("mine"));
    }

    [Test]
    public async Task A_demo_that_is_stopped_takes_what_it_made_with_it_also_when_it_was_to_be_kept()
    {
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
            CREATE TRIGGER linger BEFORE UPDATE ON scoring.chunks FOR EACH ROW EXECUTE FUNCTION linger();
            """);
        using var stop = new StopRequest();
        var running = Invocation.RunAsync(Settings, stop, "demo", "--rows", "100", "--keep");
        Assert.That(() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(1).After(20).Seconds.PollEvery(50).MilliSeconds);

        stop.Stop(ExitCode.Interrupted);

        Assert.That((await running).ExitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(await TablesAsync(Database), Is.Empty);
    }

    private static Task<IReadOnlyList<string>> TablesAsync(TestDatabase database) => database.QueryAsync<string>(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND (relname LIKE 'churn%' OR relnamespace = to_regnamespace('demo'))");
}
