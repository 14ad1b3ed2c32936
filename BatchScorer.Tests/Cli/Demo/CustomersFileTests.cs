using BatchScorer.Cli.Demo;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli.Demo;

internal sealed class CustomersFileTests
{
    private static readonly string[] Sample = [.. File.ReadLines(Repository.PathTo("jobs/samples/customers.csv")).Take(3)];

    private string file = null!;

    [SetUp]
    public void NameFile() => file = Path.Combine(Path.GetTempPath(), $"batchscorer-test-{Path.GetRandomFileName()}.csv");

    [TearDown]
    public void RemoveFile() => File.Delete(file);

    [Test]
    public void A_number_that_is_none_is_told_with_line_and_column() =>
        AssertFault(":3: ", "monthly_charges", Sample[0], Sample[1], Sample[2].Replace(",18.51,", ",much,", StringComparison.Ordinal));

    [Test]
    public void A_row_with_a_field_too_few_is_told_with_its_line() =>
        AssertFault(":2: ", "has 22 fields but 23 were expected", Sample[0], Sample[1].Replace(",false,false,false", ",false,false", StringComparison.Ordinal));

    [Test]
    public void A_text_behind_a_closing_quote_is_told_with_its_line() =>
        AssertFault(":2: ", "text after the closing quote", Sample[0], Sample[1].Replace(",east,", ",\"east\"ern,", StringComparison.Ordinal));

    [Test]
    public void A_column_that_the_header_lacks_is_told() =>
        AssertFault(":1: ", "TenureMonths", Sample[0].Replace("tenure_months", "tenure", StringComparison.Ordinal), Sample[1]);

    [Test]
    public void A_required_value_that_is_empty_is_told_with_its_column() =>
        AssertFault(":2: ", "customer_id", Sample[0], Sample[1].Replace("100001,", ",", StringComparison.Ordinal));

    [Test]
    public void A_file_that_is_missing_is_named()
    {
        var fault = Assert.Throws<BatchScorerException>(() => CustomersFile.Read(file).ToList());

        Assert.That((fault!.ExitCode, fault.Message), Is.EqualTo((ExitCode.BadConfiguration, $"The demo's customers cannot be read: Could not find file '{file}'.")));
    }

    private void AssertFault(string place, string message, params string[] lines)
    {
        File.WriteAllLines(file, lines);

        var fault = Assert.Throws<BatchScorerException>(() => CustomersFile.Read(file).ToList());

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.StartWith(file + place).And.Contain(message));
    }
}
