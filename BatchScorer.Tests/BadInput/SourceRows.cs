using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.BadInput;

/// <summary>A table that a golden model scores, with columns of as many types as its inputs take.</summary>
/// <param name="Model">The golden case.</param>
/// <param name="Columns">The columns besides <c>id</c>, <c>code</c> (the key) and <c>note</c> (carried).</param>
/// <param name="GoodRow">Values for them that the model scores.</param>
internal sealed record SourceRows(string Model, string Columns, string GoodRow)
{
    public static IReadOnlyDictionary<string, SourceRows> Tables { get; } = new Dictionary<string, SourceRows>
    {
        ["numbers"] = new(
            "type_conversion",
            "flag boolean, count bigint, amount numeric, ratio double precision, reading text, level integer, shade smallint, visits bigint, bytes numeric",
            "false, 148, 1428784, 6.3, '12', 245, 96, 46485, 384189563"),
        ["houses"] = new(
            "sdca_regression",
            "living_area real, lot_size integer, rooms numeric, bathrooms double precision, build_year bigint, floor integer, station_distance real, "
            + "school_distance real, noise real, sun_hours integer, balcony real, heating_index real, tax_rate real",
            "71, 631, 4, 1.5, 2017, 0, 1.95, 1.76, 55.7, 1640, 0, 64.1, 6.66"),
        ["vectors"] = new("vector_input", "features double precision[]", "'{0.9,0.8,0.9,0,1.9,18.7,1.3,-0.5}'"),
        ["customers"] = new(
            "churn",
            "tenure_months integer, monthly_charges numeric, total_charges numeric, contract_months_left integer, seats integer, discount_pct real, "
            + "price_increase_pct real, data_usage_gb double precision, logins_per_month smallint, days_since_login integer, support_calls integer, "
            + "late_payments integer, nps_score smallint, seat_utilization real, plan text, region text, payment_method text, acquisition_channel text, "
            + "auto_pay boolean, mobile_app boolean",
            "53, 49.29, 2688.01, 7, 2, 0, 0, 51.6, 10, 0, 1, 0, 7, 0.76, 'standard', 'east', 'transfer', 'web', false, false"),
    };

    /// <summary>SQL that makes the table with so many good rows, whose ids count from 0.</summary>
    public string Create(string table, int rows) =>
        $"""
        CREATE TABLE {table} (id integer, code text, note text, {Columns}, PRIMARY KEY (id, code));
        INSERT INTO {table} SELECT n, 'code', 'note', {GoodRow} FROM generate_series(0, {rows - 1}) AS n
        """;

    public Task<TestJob> JobAsync(TestDatabase database, string table) =>
        TestJob.CreateAsync(database, Model, new JobSource { Table = new QualifiedName("public", table), Key = ["id", "code"] });
}
