namespace BatchScorer.Tests.Faults;

/// <summary>What the ledger says of a scenario in its end.</summary>
/// <param name="Outcomes">Predictions and rejected rows.</param>
/// <param name="Withdrawals">How often a run was withdrawn.</param>
/// <param name="ResumedAfterNewer">Runs on which work went on after a newer one had ended.</param>
internal sealed record LedgerFigures(long Outcomes, long Withdrawals, long ResumedAfterNewer)
{
    private const string Query =
        """
        SELECT (SELECT count(*) FROM invariants.outcomes) AS outcomes,
               (SELECT count(*) FROM scoring.run_publications WHERE shown_to IS NOT NULL) AS withdrawals,
               (SELECT count(*) FROM scoring.runs AS older
                WHERE (SELECT max(started_at) FROM scoring.chunk_attempts AS attempt WHERE attempt.run_id = older.run_id AND outcome = 'done')
                    > (SELECT min(finished_at) FROM scoring.runs AS newer WHERE newer.run_id > older.run_id AND newer.state = 'published')) AS resumed_after_newer
        """;

    public static LedgerFigures None { get; } = new(0, 0, 0);

    public static async Task<LedgerFigures> ReadAsync(FaultedJob job) => (await job.QueryAsync<LedgerFigures>(Query)).Single();

    public static LedgerFigures operator +(LedgerFigures one, LedgerFigures other) =>
        new(one.Outcomes + other.Outcomes, one.Withdrawals + other.Withdrawals, one.ResumedAfterNewer + other.ResumedAfterNewer);
}
