using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>The demo's customers as a table, and what ML.NET itself answered for each.</summary>
internal static class CustomersTable
{
    public const long FirstId = 100_001;

    private static readonly Lazy<string[]> Lines = new(() => File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "customers.csv")));

    private static readonly Lazy<float[]> Scores = new(() =>
        [.. File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "churn", "customers-scores.csv")).Skip(1).Select(float.Parse)]);

    public static JobSource Source { get; } = new()
    {
        Table = new QualifiedName("public", "customers"),
        Key = ["customer_id"],
        Cursor = "updated_at",
    };

    /// <summary>Makes the table with the first customers.</summary>
    public static async Task CreateAsync(TestDatabase database, int rows)
    {
        await database.ExecuteAsync(
            """
            CREATE TABLE customers (
                customer_id bigint PRIMARY KEY, updated_at timestamptz NOT NULL, tenure_months integer, monthly_charges numeric(8,2), total_charges numeric(10,2),
                contract_months_left integer, seats integer, discount_pct real, price_increase_pct real, data_usage_gb double precision, logins_per_month smallint,
                days_since_login integer, support_calls integer, late_payments integer, nps_score smallint, seat_utilization real,
                plan text, region text, payment_method text, acquisition_channel text, auto_pay boolean, mobile_app boolean, churned boolean)
            """);
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginTextImportAsync("COPY customers FROM STDIN (FORMAT CSV, HEADER)");
        foreach (var line in Lines.Value.Take(rows + 1))
            await copy.WriteAsync(line + '\n');
    }

    /// <summary>ML.NET's score of each of the first customers, in the order of their ids.</summary>
    public static IEnumerable<(long Id, float Score)> ExpectedScores(int rows) => Scores.Value.Take(rows).Select((score, i) => (FirstId + i, score));

    /// <summary>The scores that the job's readers see, in the order of the ids.</summary>
    public static Task<IReadOnlyList<(long Id, float Score)>> ScoresAsync(TestDatabase database) =>
        database.QueryAsync<(long Id, float Score)>("SELECT customer_id, score FROM scoring.job_latest ORDER BY customer_id");
}
