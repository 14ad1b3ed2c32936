using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Telemetry;

/// <summary>Whole commands, with a collector that listens.</summary>
internal sealed class ExportedRunTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_command_sends_what_it_did_before_it_ends()
    {
        await using var collector = await Collector.StartAsync();

        var answer = await RunDemoAsync(collector.PatientVariables);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        foreach (var instrument in new[] { "batchscorer.runs", "batchscorer.rows", "batchscorer.chunk.stage.duration", "batchscorer.model.load.duration", "db.client." })
            Assert.That(collector.Has("/v1/metrics", instrument), instrument);
        Assert.That(collector.Has("/v1/traces", "batchscorer.run.id"));
        Assert.That(collector.Has("/v1/traces", "SELECT"), Is.False);
    }

    [Test]
    public async Task A_collector_that_does_not_answer_fails_no_run()
    {
        await using var collector = await Collector.StartAsync(delay: TimeSpan.FromMinutes(1));

        var answer = await RunDemoAsync(collector.Variables);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, "Loading 50 customers ...\n")));
    }

    [Test]
    public async Task Pools_are_sent_by_their_names_and_not_by_their_connection_strings()
    {
        await using var collector = await Collector.StartAsync();

        await RunDemoAsync(collector.PatientVariables);

        foreach (var pool in new[] { "writers of the test", "batchscorer reader" })
        {
            Assert.That(collector.Has("/v1/metrics", pool), pool);
            Assert.That(collector.Has("/v1/metrics", $"Application Name={pool}"), Is.False, pool);
        }
    }

    private Task<Invocation> RunDemoAsync(Dictionary<string, string> variables) => Invocation.RunAsync(
        new Dictionary<string, string>(variables) { [ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = $"{Database.ConnectionString};Application Name=writers of the test" },
        "demo", "--rows", "50");
}
