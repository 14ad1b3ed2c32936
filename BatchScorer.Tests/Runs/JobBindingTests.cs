using BatchScorer.Batches;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Runs;
using BatchScorer.Sources;

namespace BatchScorer.Tests.Runs;

internal sealed class JobBindingTests
{
    private static readonly ModelSchema Model = new(
        [new("TenureMonths", new(ValueKind.Single)), new("AutoPay", new(ValueKind.Boolean)), new("Plan", new(ValueKind.Text))],
        [new("PredictedLabel", new(ValueKind.Boolean)), new("Score", new(ValueKind.Single)), new("Labels", new(ValueKind.Text, 3))]);

    private static readonly SourceDescription Customers = new(
        "table demo.customers",
        "\"demo\".\"customers\"",
        [
            Column("customer_id", "bigint", 20, notNull: true), Column("updated_at", "timestamp with time zone", 1184, notNull: true),
            Column("seen_at", "timestamp with time zone", 1184), Column("tenure_months", "integer", 23), Column("auto_pay", "boolean", 16),
            Column("plan", "text", 25), Column("region", "text", 25), Column("location", "point", 600), Column("score", "real", 700),
        ],
        [new HashSet<string> { "customer_id" }],
        IsTable: true);

    private static readonly JobDefinition Job = new()
    {
        Name = "churn",
        Source = new JobSource { Table = new QualifiedName("demo", "customers"), Key = ["customer_id"], Cursor = "updated_at" },
        Model = new JobModel { Path = "churn.zip" },
        Outputs = new Dictionary<string, string> { ["churn_score"] = "Score" },
        Carry = ["region"],
    };

    [Test]
    public void Inputs_find_their_columns_by_name_and_outputs_go_where_the_job_says()
    {
        var (source, predictions) = new JobBinding(Job, Model, Customers).TryBind(out _)!.Value;

        Assert.That(source.Inputs.Select(mapping => mapping.Column.Name), Is.EqualTo(new[] { "tenure_months", "auto_pay", "plan" }));
        Assert.That(source.Columns.Select(column => column.Name), Is.EqualTo(new[] { "customer_id", "updated_at", "region", "tenure_months", "auto_pay", "plan" }));
        Assert.That(predictions.Outputs.Single(), Is.EqualTo(new OutputColumn("churn_score", "Score", 1, new ColumnType(ValueKind.Single))));
        Assert.That((predictions.CursorType, predictions.Table), Is.EqualTo(("timestamp with time zone", "\"scoring\".\"churn_predictions\"")));
    }

    [Test]
    public void A_column_that_serves_twice_is_read_once()
    {
        var (source, _) = new JobBinding(Job with { Carry = ["plan"] }, Model, Customers).TryBind(out _)!.Value;

        Assert.That(source.Columns.Count(column => column.Name == "plan"), Is.EqualTo(1));
        Assert.That(source.PassThrough.Select(column => column.Name), Is.EqualTo(new[] { "customer_id", "updated_at", "plan" }));
    }

    private static IEnumerable<TestCaseData> Faults =>
    [
        Fault(Job with { Source = Job.Source with { Key = ["custmer_id"] } }, "source.key[0]: table demo.customers has no column \"custmer_id\", did you mean \"customer_id\"?"),
        Fault(Job with { Source = Job.Source with { Key = ["region"] } }, "source.key: nothing in the catalogue proves that region names one row of table demo.customers: expected a primary key, or a unique index on columns that are NOT NULL; add one, or read the table by a query"),
        Fault(Job with { Source = Job.Source with { Key = ["customer_id", "location"] } }, "source.key: expected columns of type smallint, integer, bigint, text or uuid, got \"location\" of type point"),
        Fault(Job with { Source = Job.Source with { Cursor = "region" } }, "source.cursor: expected a column of type timestamptz, integer or bigint, got \"region\" of type text"),
        Fault(Job with { Source = Job.Source with { Cursor = "seen_at" } }, "source.cursor: column \"seen_at\" may be null, and such rows would never be scored: declare it NOT NULL"),
        Fault(Job with { Source = Job.Source with { Lookback = new Lookback(1000) } }, "source.lookback: expected a time such as \"1.00:00:00\", since the cursor \"updated_at\" is of type timestamp with time zone, got 1000"),
        Fault(Job with { Source = Job.Source with { Cursor = "customer_id", Lookback = new Lookback(TimeSpan.FromDays(1)) } }, "source.lookback: expected a whole number, since the cursor \"customer_id\" is of type bigint, got \"1.00:00:00\""),
        Fault(Job with { Carry = ["reigon"] }, "carry[0]: table demo.customers has no column \"reigon\", did you mean \"region\"?"),
        Fault(Job with { Inputs = new Dictionary<string, string> { ["Tenure"] = "tenure_months" } }, "inputs.Tenure: the model has no input \"Tenure\""),
        Fault(Job with { Inputs = new Dictionary<string, string> { ["TenureMonths"] = "region" } }, "inputs.TenureMonths: the model's input is Single, so column \"region\" has to be smallint, integer, bigint, real, double precision or numeric, but is text"),
        Fault(Job with { Outputs = new Dictionary<string, string> { ["s"] = "Scor" } }, "outputs.s: the model has no output \"Scor\", did you mean \"Score\"?; it has PredictedLabel, Score, Labels"),
        Fault(Job with { Outputs = new Dictionary<string, string> { ["l"] = "Labels" } }, "outputs.l: no PostgreSQL type holds the model's output \"Labels\", a Vector of 3 Text; leave it out"),
        Fault(Job with { Outputs = new Dictionary<string, string>(), Carry = ["score"] }, "carry: the predictions table cannot have another column \"score\""),
    ];

    [TestCaseSource(nameof(Faults))]
    public void What_does_not_fit_is_said_with_its_place_the_expectation_and_the_remedy(JobDefinition job, string expected)
    {
        Assert.That(new JobBinding(job, Model, Customers).TryBind(out var faults), Is.Null);

        Assert.That(faults.Select(fault => $"{fault.Path}: {fault.Message}"), Has.Some.StartWith(expected));
    }

    [Test]
    public void All_faults_come_at_once()
    {
        new JobBinding(Job with { Carry = ["a", "b"], Source = Job.Source with { Key = ["region"] } }, Model, Customers).TryBind(out var faults);

        Assert.That(faults.Select(fault => fault.Path), Is.EqualTo(new[] { "source.key", "carry[0]", "carry[1]" }));
    }

    private static TestCaseData Fault(JobDefinition job, string expected) => new TestCaseData(job, expected).SetArgDisplayNames(expected[..Math.Min(70, expected.Length)]);

    private static SourceColumn Column(string name, string type, uint id, bool notNull = false) => new(name, type, id, IsEnum: false, notNull);
}
