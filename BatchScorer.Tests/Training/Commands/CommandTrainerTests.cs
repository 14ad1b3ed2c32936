using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Exchange;
using BatchScorer.Training;
using BatchScorer.Training.Commands;
using BatchScorer.Training.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Training.Commands;

/// <summary>The process that trains: what it is told, how it ends, and what is left of it.</summary>
internal sealed class CommandTrainerTests
{
    private static readonly DataSet Data = new()
    {
        Columns = [new("id", ColumnRole.Key, "bigint"), new("Age", ColumnRole.Input, "Single"), new("label_", ColumnRole.Label, "boolean")],
        Kind = LabelKind.Binary, Labelled = 3, Rows = 2, Changed = 1, Vanished = 0, Expired = 0, Repeated = 0, Rejected = 0, TellsChanges = true,
    };

    private readonly List<string> said = [];
    private TemporaryFolder jobs = null!;
    private TrainingFolder folder = null!;

    [SetUp]
    public void MakeFolders()
    {
        jobs = new TemporaryFolder();
        folder = new TrainingFolder(NullLogger.Instance);
        said.Clear();
    }

    [TearDown]
    public void RemoveFolders()
    {
        folder.Dispose();
        jobs.Dispose();
    }

    [Test]
    public async Task It_works_beside_the_job_file_and_is_told_where_data_and_model_are()
    {
        File.WriteAllText(folder.Data, "id,Age,label_\r\n1,2,0\r\n");
        jobs.Write("train.sh", "pwd", "echo \"$BATCHSCORER_JOB $BATCHSCORER_LABEL $1 $2\" >&2", "cat", "cat \"$BATCHSCORER_DATA\" > \"$BATCHSCORER_MODEL\"", "cat \"$BATCHSCORER_DATA_DESCRIPTION\" > \"$TMPDIR/seen.json\"");

        await TrainAsync("sh", "train.sh", "two words", "$HOME");

        Assert.That(said, Is.EquivalentTo(new[] { jobs.Path, "churn label_ two words $HOME" }));
        Assert.That(await File.ReadAllTextAsync(folder.Model), Is.EqualTo("id,Age,label_\r\n1,2,0\r\n"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.Path, "seen.json")), Does.Contain("\"label\": \"label_\"").And.Match("\"name\": \"Age\",\\s+\"role\": \"input\",\\s+\"type\": \"Single\""));
    }

    [Test]
    public async Task It_is_not_told_the_settings_of_this_program()
    {
        Environment.SetEnvironmentVariable("BATCHSCORER_TEST_SECRET", "secret");
        try
        {
            await TrainAsync("sh", "-c", "env; touch \"$BATCHSCORER_MODEL\"");
        }
        finally
        {
            Environment.SetEnvironmentVariable("BATCHSCORER_TEST_SECRET", null);
        }

        Assert.That(said, Has.Some.StartsWith("PATH=").And.None.Contains("secret"));
    }

    [Test]
    public void One_that_fails_is_told_with_its_last_lines_and_what_to_do()
    {
        jobs.Write("train.sh", "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo \"line $i\" >&2; done", "echo standard output", "exit 3");

        var fault = Fault("sh", "train.sh");

        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(fault.Message, Does.Match(
            "^The command of job \"churn\", `sh train.sh`, ended with exit code 3 after [^ ]+ s\\. It said last:\n  line 3\n(  line \\d+\n){8}  line 12\n"
            + "Mend it, and run `batchscorer train churn`; `batchscorer train churn --out data.csv` writes the data set alone, to try it by hand\\.$"));
    }

    [Test]
    public void One_that_leaves_no_model_has_failed() =>
        Assert.That(Fault("true").Message, Does.Contain("without a model, expected one at the path that BATCHSCORER_MODEL has. It said nothing.\n"));

    [Test]
    public void A_program_that_is_not_there_is_a_fault_of_the_job_file()
    {
        jobs.Write("churn.json", "{", "\"retrain\": { \"command\": [\"./trian\"] } }");

        var fault = Fault("./trian");

        Assert.That((fault.ExitCode, fault.Message), Is.EqualTo((ExitCode.BadConfiguration, fault.Message)));
        Assert.That(fault.Message, Does.StartWith("churn.json:2: retrain.command: \"./trian\" cannot be started on this machine: ").And.EndsWith("expected a program that is on the PATH, or a path from the folder of the job file"));
    }

    [Test]
    public async Task One_that_takes_too_long_is_ended_with_its_children()
    {
        jobs.Write("train.sh", "sleep 300 &", "echo $!", "wait");

        var fault = Fault(TimeSpan.FromSeconds(1), "sh", "train.sh");

        Assert.That(fault.Message, Does.Contain("was ended after 1.00 s, all that retrain.timeout allows. It said last:\n  "));
        await AssertGoneAsync(said.Single());
    }

    [Test]
    public async Task When_nobody_waits_for_it_any_more_it_is_ended_with_its_children()
    {
        using var stop = new CancellationTokenSource();
        var training = TrainAsync(TimeSpan.FromHours(1), () => stop.Cancel(), stop.Token, "sh", "-c", "sleep 300 & echo $!; wait");

        await Assert.CatchAsync<OperationCanceledException>(() => training);

        await AssertGoneAsync(said.Single());
    }

    [Test]
    public void The_folder_of_a_training_goes_with_all_that_was_left_in_it()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints"));
        File.WriteAllText(Path.Combine(folder.Path, "checkpoints", "1"), "");

        folder.Dispose();

        Assert.That(Directory.Exists(folder.Path), Is.False);
        folder = new TrainingFolder(NullLogger.Instance);
    }

    private static async Task AssertGoneAsync(string pid)
    {
        for (var i = 0; i < 100 && IsAlive(); i++)
            await Task.Delay(50);
        Assert.That(IsAlive(), Is.False);

        bool IsAlive()
        {
            // One that nobody has waited for is dead all the same.
            try
            {
                return File.ReadAllText($"/proc/{pid}/stat").Split(' ')[2] is not "Z";
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private BatchScorerException Fault(params string[] command) => Fault(TimeSpan.FromMinutes(1), command);

    private BatchScorerException Fault(TimeSpan timeout, params string[] command) =>
        Assert.ThrowsAsync<BatchScorerException>(() => TrainAsync(timeout, () => { }, default, command)).Result!;

    private Task TrainAsync(params string[] command) => TrainAsync(TimeSpan.FromMinutes(1), () => { }, default, command);

    private Task TrainAsync(TimeSpan timeout, Action whenSaid, CancellationToken cancellationToken, params string[] command)
    {
        var retrain = new JobRetrain { Command = command, Timeout = timeout };
        var definition = new JobDefinition
        {
            Name = "churn",
            Source = new JobSource { Table = new("public", "t"), Key = ["id"] },
            Model = new JobModel { Name = "churn" },
            Retrain = retrain,
        };
        var trainer = new CommandTrainer(retrain, TimeProvider.System, NullLogger.Instance);
        return trainer.TrainAsync(new Job(definition, jobs["churn.json"], null, null), Data, folder, new Said(said, whenSaid), cancellationToken);
    }

    private sealed class Said(List<string> lines, Action whenSaid) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (lines)
                lines.Add(value);
            whenSaid();
        }
    }
}
