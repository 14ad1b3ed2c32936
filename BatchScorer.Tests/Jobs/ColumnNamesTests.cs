using BatchScorer.Jobs;

namespace BatchScorer.Tests.Jobs;

internal sealed class ColumnNamesTests
{
    [TestCase("PredictedLabel", "predicted_label")]
    [TestCase("Score", "score")]
    [TestCase("tenure_months", "tenure_months")]
    [TestCase("monthlyCharges", "monthly_charges")]
    [TestCase("HTTPErrors24h", "http_errors24h")]
    [TestCase("Week52Spend", "week52_spend")]
    [TestCase("DataUsageGB", "data_usage_gb")]
    [TestCase("Monthly charges (€)", "monthly_charges")]
    [TestCase("Größe.Neu", "größe_neu")]
    [TestCase("__Score__", "score")]
    [TestCase("Days__Since", "days_since")]
    [TestCase("A", "a")]
    [TestCase("ABTest", "ab_test")]
    [TestCase("€", "")]
    [TestCase("", "")]
    public void Names_are_parted_where_a_reader_would(string name, string expected) =>
        Assert.That(ColumnNames.SnakeCase(name), Is.EqualTo(expected));

    [TestCase("TenureMonths", "TenureMonths", "tenuremonths", "tenure_months")]
    [TestCase("TenureMonths", "tenuremonths", "tenure_months")]
    [TestCase("TenureMonths", "tenure_months", "tenure")]
    [TestCase("TenureMonths", "Tenure_Months")]
    [TestCase("tenure_months", "TenureMonths")]
    [TestCase("Monthly charges", "monthly_charges")]
    public void The_first_column_is_the_one_that_is_found(string modelColumn, params string[] columns) =>
        Assert.That(ColumnNames.Match(modelColumn, [.. columns.Reverse()]), Is.EqualTo(new ColumnMatch(columns[0], null)));

    [Test]
    public void Columns_that_differ_in_case_alone_are_ambiguous() =>
        Assert.That(
            ColumnNames.Match("Plan", ["plan", "PLAN", "plan_"]),
            Is.EqualTo(new ColumnMatch(null, "the model's input \"Plan\" is like more than one column, \"plan\", \"PLAN\"; name the one that is meant, \"inputs\": { \"Plan\": \"…\" }")));

    [Test]
    public void Columns_of_the_same_snake_case_are_ambiguous() =>
        Assert.That(ColumnNames.Match("PlanName", ["plan_name", "plan__name"]).Fault, Does.StartWith("the model's input \"PlanName\" is like more than one column"));

    [Test]
    public void Another_way_to_name_the_column_can_be_given() =>
        Assert.That(
            ColumnNames.Match("Plan", ["seats"], "--input Plan=…"),
            Is.EqualTo(new ColumnMatch(null, "the model's input \"Plan\" is like no column; name the one that is meant, --input Plan=…")));

    [Test]
    public void A_column_that_is_nearly_named_so_is_suggested_and_not_taken() =>
        Assert.That(
            ColumnNames.Match("TenureMonths", ["tenure_month", "seats"]),
            Is.EqualTo(new ColumnMatch(null, "the model's input \"TenureMonths\" is like no column; name the one that is meant, \"inputs\": { \"TenureMonths\": \"…\" }, did you mean \"tenure_month\"?")));

    [Test]
    public void Names_without_a_letter_do_not_match_each_other() =>
        Assert.That(ColumnNames.Match("€", ["$"]).Column, Is.Null);
}
