using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli;

internal sealed class UsageTests
{
    [TestCase("Required command was not provided.")]
    [TestCase("did you mean \"run\"?", "rnu")]
    [TestCase("did you mean \"--partitions\"?", "run", "churn", "--partition", "4")]
    [TestCase("Required argument 'JOB' missing", "run")]
    [TestCase("--partitions is \"four\", expected a whole number from 0 to 256.", "run", "churn", "--partitions", "four")]
    [TestCase("--partitions is \"257\", expected a whole number from 0 to 256.", "run", "churn", "--partitions", "257")]
    [TestCase("--limit is \"0\", expected a whole number from 1 to 10000.", "runs", "list", "--limit", "0")]
    [TestCase("ID is \"last\", expected a whole number from 1", "runs", "show", "last")]
    [TestCase("ID is \"0\", expected a whole number from 1", "runs", "report", "0", "--html", "run.html")]
    [TestCase("Option '--html' is required", "runs", "report", "1")]
    [TestCase("--live and --ready are two questions: expected one of them.", "health", "--live", "--ready")]
    [TestCase("--every goes only with --backfill.", "run", "churn", "--every", "1.00:00:00")]
    [TestCase("--backfill needs --to too: expected --from T --to T", "run", "churn", "--backfill", "--from", "2026-03-01")]
    [TestCase("'newest' not recognized", "run", "churn", "--backfill", "--from", "1", "--to", "2", "--only", "newest")]
    [TestCase("--parallel is \"0\", expected a whole number from 1 to 64.", "run", "churn", "--backfill", "--from", "1", "--to", "2", "--parallel", "0")]
    [TestCase("--enqueue goes only with --backfill.", "run", "churn", "--enqueue")]
    [TestCase("--dry-run writes nothing, and --enqueue a backfill: expected one of them.", "run", "churn", "--backfill", "--from", "1", "--to", "2", "--enqueue", "--dry-run")]
    [TestCase("--partitions is for work in this process and does not go with --enqueue", "run", "churn", "--backfill", "--from", "1", "--to", "2", "--enqueue", "--partitions", "2")]
    [TestCase("Option '--every' is required", "windows", "churn")]
    [TestCase("Option '--out' is required", "score", "model.zip", "--in", "a.csv")]
    [TestCase("--input is \"tenure\", expected INPUT=COLUMN", "score", "model.zip", "--in", "a.csv", "--out", "b.csv", "--input", "tenure")]
    [TestCase("--rejected-share is \"2\", expected a number from 0 to 1.", "score", "model.zip", "--in", "a.csv", "--out", "b.csv", "--rejected-share", "2")]
    [TestCase("--rejected is \"-\", expected a file", "score", "model.zip", "--in", "a.csv", "--out", "-", "--rejected", "-")]
    [TestCase("--as-of is \"yesterday\", expected a date or an ISO 8601 instant", "export", "churn", "--csv", "-", "--as-of", "yesterday")]
    [TestCase("--key goes only with --create.", "import", "orders", "--csv", "a.csv", "--key", "id")]
    [TestCase("--csv is \"-\", expected a file.", "import", "orders", "--csv", "-")]
    [TestCase("'yaml' not recognized", "jobs", "list", "--output", "yaml")]
    public async Task A_wrong_command_line_is_told_and_answers_64(string message, params string[] arguments)
    {
        var answer = await Invocation.RunAsync(arguments);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(answer.Progress, Does.Contain(message).And.Contain("--help`."));
        Assert.That(answer.Results, Is.Empty);
    }

    [Test]
    public async Task An_unknown_job_is_told_with_those_there_are()
    {
        var answer = await Invocation.RunAsync("jobs", "validate", "chrun");

        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(answer.Progress, Does.StartWith("There is no job \"chrun\" in").And.Contain("did you mean \"churn\"?"));
    }

    [TestCase("demo")]
    [TestCase("run")]
    [TestCase("serve")]
    [TestCase("runs", "list")]
    [TestCase("runs", "show")]
    [TestCase("runs", "report")]
    [TestCase("runs", "resume")]
    [TestCase("runs", "abandon")]
    [TestCase("runs", "withdraw")]
    [TestCase("runs", "publish")]
    [TestCase("rejected", "list")]
    [TestCase("rejected", "replay")]
    [TestCase("health")]
    [TestCase("backfills", "list")]
    [TestCase("backfills", "show")]
    [TestCase("backfills", "resume")]
    [TestCase("backfills", "cancel")]
    [TestCase("windows")]
    [TestCase("score")]
    [TestCase("export")]
    [TestCase("import")]
    [TestCase("jobs", "list")]
    [TestCase("jobs", "validate")]
    [TestCase("jobs", "schema")]
    [TestCase("models", "inspect")]
    [TestCase("db", "migrate")]
    [TestCase("completion")]
    public async Task Help_shows_examples_of_the_command(params string[] command)
    {
        var answer = await Invocation.RunAsync([.. command, "--help"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(answer.Results, Does.Contain($"Examples:\n  batchscorer {string.Join(' ', command)}"));
    }

    [Test]
    public async Task The_version_is_that_of_the_program()
    {
        var answer = await Invocation.RunAsync("--version");

        Assert.That(answer.Results, Does.Match(@"^\d+\.\d+\.\d+"));
    }
}
