using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Tests.Models;

namespace BatchScorer.Tests.Cli;

internal sealed class ModelsInspectTests
{
    [Test]
    public async Task A_model_is_shown_with_what_it_reads_answers_and_is_made_of()
    {
        var answer = await Invocation.RunAsync("models", "inspect", "jobs/samples/churn.zip");

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(answer.Results, Does.Contain("da8946fbc371a4192e1e58363557fd9d22a2effea0e1f83c1590531f2fa6e8d3")
            .And.Contain("83,460 bytes")
            .And.Match(@"engine\s+Compiled")
            .And.Match(@"TenureMonths\s+Single")
            .And.Match(@"Probability\s+Single")
            .And.Contain("FastTreeBinaryExec"));
    }

    [Test]
    public async Task The_shape_of_what_programs_read_stays_as_it_is()
    {
        var answer = await Invocation.RunAsync("models", "inspect", "jobs/samples/churn.zip", "--json");

        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo(
            "{file: string, sizeBytes: number, sha256: string, engine: string, obstacle: null, "
            + "inputs: [{name: string, type: string}], outputs: [{name: string, type: string}], steps: [{path: string, signature: string}]}"));
    }

    [Test]
    public async Task A_step_that_no_engine_knows_is_named_and_what_can_be_told_is_told()
    {
        Assume.That(MLNetEngine.IsBuiltIn, Is.False, "with ML.NET in the build, every model has an engine");

        var folder = Directory.CreateTempSubdirectory("batchscorer-test-");
        var path = Path.Combine(folder.FullName, "unknown.zip");
        await File.WriteAllBytesAsync(path, UnknownModel.ToBytes());

        var answer = await Invocation.RunAsync("models", "inspect", path);
        folder.Delete(recursive: true);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("no engine of this build can score it").And.Contain(UnknownModel.Signature));
        Assert.That(answer.Results, Does.Match(@"engine\s+none").And.Match(@"Vibration\s+Single").And.Contain("ConcatTransform"));
    }

    [TestCase("does not exist", "nowhere.zip")]
    [TestCase("is no sound zip", "appsettings.json")]
    public async Task What_is_no_model_is_told_in_one_line(string message, string file)
    {
        var answer = await Invocation.RunAsync("models", "inspect", file);

        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.BadConfiguration, "")));
        Assert.That(answer.Progress.TrimEnd('\n'), Does.Contain(message).And.Not.Contain("\n"));
    }
}
