using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// Source rows of <c>rows.txt</c>: a table of <see cref="SourceRows"/> and what is assigned to a good row of it. Expected is
/// <c>scored</c>, or the column and the reason of the rejection.
/// </summary>
internal sealed class BadRowTests(ServerKind kind) : DatabaseTests(kind)
{
    // A reason is read by people, in tables and logs.
    private const int LongestReason = 300;

    private const string Outcomes =
        """
        SELECT id, CASE WHEN abs(score) = 'Infinity' THEN 'scored ' || score ELSE 'scored' END FROM scoring.job_latest
        UNION ALL
        SELECT (key->>'id')::integer, column_name || ': ' || reason FROM scoring.rejected_rows
        ORDER BY 1
        """;

    [Test]
    public async Task A_bad_row_is_rejected_for_exactly_its_reason_and_the_others_are_scored([Values("numbers", "houses", "vectors", "customers")] string table)
    {
        var cases = BadCase.Read("rows.txt").Where(bad => bad.Input.StartsWith($"{table} ", StringComparison.Ordinal)).ToArray();
        var rows = SourceRows.Tables[table];
        await Database.ExecuteAsync(rows.Create(table, cases.Length));
        foreach (var (id, bad) in cases.Index())
            await Database.ExecuteAsync($"UPDATE {table} SET {bad.Input[(table.Length + 1)..]} WHERE id = {id}");
        await using var job = await rows.JobAsync(Database, table);
        job.Definition = job.Definition with { Carry = ["note"] };
        await job.AppliedAsync();

        var (run, end) = await job.RunAsync();

        var outcomes = await Database.QueryAsync<(int Id, string Outcome)>(Outcomes);
        Assert.That((end.ExitCode, run.RowsRead), Is.EqualTo((ExitCode.Done, cases.Length)), end.Error);
        Assert.That(outcomes.Select(row => $"{cases[row.Id]}: {row.Outcome}"), Is.EqualTo(cases.Select(bad => $"{bad}: {bad.Expected}")));
        Assert.That(outcomes.Select(row => row.Outcome.Length), Is.All.LessThan(LongestReason));
        Assert.That(
            await Database.ScalarAsync<long>($"SELECT count(*) FROM {table} JOIN scoring.job_latest AS latest USING (id, code) WHERE {table}.note = latest.note"),
            Is.EqualTo(run.RowsScored), "what is carried comes through unchanged");
    }
}
