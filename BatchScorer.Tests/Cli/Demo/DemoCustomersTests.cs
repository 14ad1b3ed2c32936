using BatchScorer.Cli.Demo;

namespace BatchScorer.Tests.Cli.Demo;

internal sealed class DemoCustomersTests
{
    private static readonly string SampleFile = Repository.PathTo("jobs/samples/customers.csv");

    [Test]
    public void The_first_customers_are_those_of_the_sample_file()
    {
        var sample = CustomersFile.Read(SampleFile).ToList();

        Assert.That(sample, Has.Count.EqualTo(20_000));
        Assert.That(DemoCustomers.Generate().Take(20_000), Is.EqualTo(sample));
    }

    [Test]
    public void Ids_go_on_behind_the_sample_file()
    {
        var ids = DemoCustomers.Generate().Skip(19_998).Take(4).Select(customer => customer.CustomerId);

        Assert.That(ids, Is.EqualTo(new long[] { 119_999, 120_000, 120_001, 120_002 }));
    }
}
