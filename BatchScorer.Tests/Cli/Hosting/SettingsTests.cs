using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli.Hosting;

internal sealed class SettingsTests
{
    private const string Variable = "BATCHSCORER_ConnectionStrings__BatchScorer";

    private static readonly string NobodyListens = "Host=127.0.0.1;Port=1;Database=scores;Username=runner;Password=secret-word";

    [Test]
    public async Task Without_a_database_the_message_names_setting_variable_and_demo()
    {
        var answer = await Invocation.RunAsync("runs", "list");

        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.BadConfiguration, "")));
        Assert.That(answer.Progress, Does.Contain("ConnectionStrings:BatchScorer").And.Contain(Variable).And.Contain("`batchscorer demo`"));
    }

    [Test]
    public async Task A_database_out_of_reach_answers_69_in_one_line_without_its_password()
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { [Variable] = NobodyListens }, "runs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(answer.Progress.TrimEnd('\n'), Does.Contain("at 127.0.0.1:1").And.Not.Contain("\n").And.Not.Contain("secret-word"));
    }

    [TestCase("BATCHSCORER_BatchScorer__JobFolder", "Unknown setting BatchScorer:JobFolder, did you mean \"JobsFolder\"?")]
    [TestCase("BATCHSCORER_ConnectionString", "Unknown setting ConnectionString, did you mean \"ConnectionStrings\"?")]
    [TestCase("BATCHSCORER_Colour", "Unknown setting Colour, expected one of ConnectionStrings, BatchScorer, Quartz, Logging.")]
    public async Task A_setting_that_nobody_reads_is_refused(string variable, string message)
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { [variable] = "x" }, "jobs", "list");

        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.BadConfiguration, "")));
        Assert.That(answer.Progress, Does.Contain(message).And.Contain(variable));
    }

    [Test]
    public async Task A_folder_that_is_blank_is_refused()
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { ["BATCHSCORER_BatchScorer__JobsFolder"] = " " }, "jobs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("BatchScorer:JobsFolder: expected the folder of the job files, got nothing."));
    }

    [TestCase("Cluster", "maybe", "expected true or false, got \"maybe\".")]
    [TestCase("NodePartitions", "two", "expected a whole number from 0 to 256, got \"two\".")]
    [TestCase("NodePartitions", "257", "expected a whole number from 0 to 256, got \"257\".")]
    [TestCase("FiringTime", "soon", "expected a time as hours:minutes:seconds, such as 04:00:00, got \"soon\".")]
    public async Task A_setting_of_the_wrong_kind_is_refused(string name, string value, string message)
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { [$"BATCHSCORER_BatchScorer__{name}"] = value }, "jobs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain($"BatchScorer:{name}: {message}"));
    }

    [TestCase("Cluster")]
    [TestCase("NodePartitions")]
    [TestCase("FiringTime")]
    public async Task A_setting_that_is_empty_counts_as_not_set(string name)
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { [$"BATCHSCORER_BatchScorer__{name}"] = "" }, "jobs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
    }

    [Test]
    public async Task The_command_line_wins_over_the_environment()
    {
        var settings = new Dictionary<string, string> { ["BATCHSCORER_BatchScorer__JobsFolder"] = "nowhere" };

        Assert.That((await Invocation.RunAsync(settings, "jobs", "list")).ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That((await Invocation.RunAsync(settings, "jobs", "list", "--jobs", "jobs")).ExitCode, Is.EqualTo(ExitCode.Done));
    }

    [Test]
    public async Task A_password_file_that_is_missing_is_named_by_its_setting()
    {
        var settings = new Dictionary<string, string> { [Variable] = NobodyListens, ["BATCHSCORER_BatchScorer__PasswordFile"] = "/nowhere/password" };

        var answer = await Invocation.RunAsync(settings, "runs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("BatchScorer:PasswordFile").And.Contain("/nowhere/password"));
    }
}
