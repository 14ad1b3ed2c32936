using System.Globalization;
using BatchScorer.Cli.Printing;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using Dapper;

namespace BatchScorer.Cli.Demo;

/// <summary>A customer who is likely to leave.</summary>
internal sealed record LeavingCustomer
{
    public required long CustomerId { get; init; }

    public required float ChurnProbability { get; init; }

    public required bool WillLeave { get; init; }

    public string? Region { get; init; }

    public required string Plan { get; init; }

    public required int TenureMonths { get; init; }

    public required int SupportCalls { get; init; }
}

/// <summary>What the demo shows.</summary>
/// <param name="Report">The run.</param>
/// <param name="LikelyToLeave">The ten customers most likely to leave, the likeliest first.</param>
/// <param name="Quality">How good the predictions turned out to be; null where the run failed.</param>
/// <param name="Psql">The line to paste into a shell to look around; null when nothing is kept.</param>
/// <param name="Setting">The line that has the other commands use a private server that is kept; null when there is none.</param>
/// <param name="Removal">How what is kept goes; null when nothing is.</param>
internal sealed record DemoReport(RunReport Report, IReadOnlyList<LeavingCustomer> LikelyToLeave, QualityRecord? Quality, string? Psql, string? Setting, string? Removal)
{
    private const string MostLikelyToLeave =
        """
        SELECT prediction.customer_id, prediction.churn_probability, prediction.will_leave, prediction.region,
               customer.plan, customer.tenure_months, customer.support_calls
        FROM scoring.churn_latest AS prediction JOIN demo.customers AS customer USING (customer_id)
        ORDER BY prediction.churn_probability DESC, prediction.customer_id
        LIMIT 10
        """;

    public static async Task<IReadOnlyList<LeavingCustomer>> FindLikelyToLeaveAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<LeavingCustomer>(new CommandDefinition(MostLikelyToLeave, cancellationToken: cancellationToken))).AsList();
    }

    public void Print(Terminal terminal, bool isPrivate)
    {
        var results = terminal.Results;
        Report.PrintSummary(results);
        results.WriteLine();
        Report.PrintRejections(terminal);
        if (LikelyToLeave.Count > 0)
        {
            results.WriteLine();
            PrintLikelyToLeave(terminal);
        }

        if (Quality is not null)
        {
            results.WriteLine("\nSince then it has become known who left, so it can be told how good the predictions were:");
            QualityReport.Print(Quality, terminal);
        }

        results.WriteLine();
        if (Psql is null)
        {
            results.WriteLine(isPrivate
                ? "The demo's server is gone again, and its folder with it; `batchscorer demo --keep` leaves it running to look around with psql."
                : "The demo's tables are gone again from the configured database; `batchscorer demo --keep` leaves them to look around with psql.");
            return;
        }

        results.WriteLine($"To look around:\n  {Psql}\nand there, for example:\n  SELECT * FROM scoring.churn_latest ORDER BY churn_probability DESC LIMIT 10;");
        if (Setting is not null)
            results.WriteLine($"To have the other commands use it:\n  {Setting}");
        results.WriteLine(isPrivate ? $"To stop the server and remove its folder:\n  {Removal}" : $"To remove the demo, in psql:\n{Removal}");
    }

    private void PrintLikelyToLeave(Terminal terminal)
    {
        terminal.Results.WriteLine($"The {LikelyToLeave.Count} customers most likely to leave:");
        var table = new TextTable("customer>", "probability>", "will leave", "region", "plan", "tenure>", "support calls>");
        foreach (var customer in LikelyToLeave)
        {
            table.Add(
                customer.CustomerId.ToString(CultureInfo.InvariantCulture),
                customer.ChurnProbability.ToString("0.0000", CultureInfo.InvariantCulture),
                customer.WillLeave ? "yes" : "no",
                customer.Region ?? "-",
                customer.Plan,
                customer.TenureMonths.ToString(CultureInfo.InvariantCulture),
                customer.SupportCalls.ToString(CultureInfo.InvariantCulture));
        }

        table.Print(terminal.ResultsConsole);
    }
}
