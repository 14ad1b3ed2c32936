using System.Globalization;
using System.Text.RegularExpressions;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Jobs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// Tables, queries and filters of <c>sources.txt</c>: SQL that sets up, the query file after <c>query</c>, and after <c>job</c> the
/// properties of <c>source</c> and, behind a bar, others of the job. Expected is what a run of it comes to.
/// </summary>
internal sealed class BadSourceTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string SetUp =
        """
        CREATE TABLE safe (id integer);
        CREATE SEQUENCE numbers;
        CREATE TABLE good (id integer PRIMARY KEY, features real[]);
        INSERT INTO good SELECT n, '{0.9,0.8,0.9,0,1.9,18.7,1.3,-0.5}' FROM generate_series(1, 3) AS n
        """;

    private static readonly Regex Names = new(@"\{(\d+) names\}");

    [Test]
    public async Task A_bad_source_says_exactly_what_is_wrong_and_a_strange_one_is_scored()
    {
        var cases = BadCase.Read("sources.txt");
        await Database.ExecuteAsync(SetUp);
        using var folder = new JobFolder();

        var outcomes = new List<string>();
        foreach (var (index, bad) in cases.Index())
            outcomes.Add($"{bad}: {await OutcomeAsync(folder, $"t{index}", bad)}");

        Assert.That(outcomes, Is.EqualTo(cases.Select((bad, index) => $"{bad}: {Filled(bad.Expected, $"t{index}")}")));
        Assert.That(await Database.ScalarAsync<string>("SELECT to_regclass('safe')::text || last_value || is_called FROM numbers"), Is.EqualTo("safe1false"), "nothing was written");
    }

    private async Task<string> OutcomeAsync(JobFolder folder, string name, BadCase bad)
    {
        var lines = bad.Lines.Select(line => Filled(line, name)).ToLookup(line => line.Split(' ')[0]);
        foreach (var sql in lines.Where(group => group.Key is not ("job" or "query")).SelectMany(group => group))
            await Database.ExecuteAsync(sql);
        if (lines["query"].SingleOrDefault() is { } query)
            await File.WriteAllTextAsync(Path.Combine(folder.Sources, $"{name}.sql"), query["query ".Length..]);
        try
        {
            var job = Read(folder, name, lines["job"].Single()["job ".Length..].Split(" | "));
            await using var test = await TestJob.CreateAsync(Database, "vector_input", job.Definition.Source);
            test.Job = job;
            await test.AppliedAsync();
            var (run, end) = await test.RunAsync();
            return end.Error ?? $"{run.RowsScored} scored, {run.RowsRejected} rejected";
        }
        catch (Exception fault)
        {
            var report = FaultReport.Of(fault);
            return $"{(int)report.ExitCode}: {report.Message}";
        }
    }

    private static Job Read(JobFolder folder, string name, string[] properties)
    {
        File.Copy(TestJob.GoldenModel("vector_input"), folder.Path("vectors.zip"), overwrite: true);
        File.WriteAllText(folder.Path($"{name}.json"),
            $$"""
            { "name": "{{name}}", "model": { "path": "vectors.zip" }, "limits": { "rejectedShare": 1 }, "source": { {{properties[0]}} }{{string.Concat(properties[1..].Select(other => $", {other}"))}} }
            """);
        var (job, faults) = folder.Reader().Read(folder.Path($"{name}.json"));
        return job ?? throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults));
    }

    private static string Filled(string text, string table) => Names.Replace(text, names => Series(int.Parse(names.Groups[1].Value, CultureInfo.InvariantCulture), n => $"\"c{n}\""))
        .Replace("{t}", table, StringComparison.Ordinal)
        .Replace("{features}", "'{0.9,0.8,0.9,0,1.9,18.7,1.3,-0.5}'::real[]", StringComparison.Ordinal)
        .Replace("{1700 values}", Series(1700, n => $"{n} AS c{n}"), StringComparison.Ordinal);

    private static string Series(int length, Func<int, string> item) => string.Join(", ", Enumerable.Range(1, length).Select(item));
}
