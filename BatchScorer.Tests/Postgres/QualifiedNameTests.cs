using BatchScorer.Postgres;

namespace BatchScorer.Tests.Postgres;

internal sealed class QualifiedNameTests
{
    [TestCase("demo.customers", "demo", "customers")]
    [TestCase("customers", "public", "customers")]
    [TestCase("Demo.CUSTOMERS", "demo", "customers")]
    [TestCase("\"Demo\".\"My Customers\"", "Demo", "My Customers")]
    [TestCase("demo.\"a.b\"", "demo", "a.b")]
    [TestCase("\"say \"\"hi\"\"\"", "public", "say \"hi\"")]
    [TestCase("_x1.größe$2", "_x1", "größe$2")]
    [TestCase("Ärger.Öl", "Ärger", "Öl")]
    public void A_name_is_read_as_SQL_reads_it(string text, string schema, string name) =>
        Assert.That(QualifiedName.Parse(text), Is.EqualTo(new QualifiedName(schema, name)));

    [TestCase("demo.customers", "\"demo\".\"customers\"")]
    [TestCase("\"say \"\"hi\"\"\"", "\"public\".\"say \"\"hi\"\"\"")]
    public void In_SQL_both_parts_are_quoted(string text, string sql) =>
        Assert.That(QualifiedName.Parse(text).ToString(), Is.EqualTo(sql));

    [Test]
    public void A_name_of_63_bytes_is_the_longest()
    {
        Assert.That(QualifiedName.Parse(new string('a', 63)).Name, Has.Length.EqualTo(63));
        Assert.That(() => QualifiedName.Parse(new string('a', 64)), Throws.TypeOf<FormatException>());
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("demo.")]
    [TestCase(".customers")]
    [TestCase("a.b.c")]
    [TestCase("demo .customers")]
    [TestCase("1st")]
    [TestCase("\"open")]
    [TestCase("\"\"")]
    [TestCase("\"a\"b")]
    [TestCase("a\"b\"")]
    [TestCase("a;b")]
    [TestCase("\"a\0b\"")]
    public void Anything_else_is_no_name(string text) =>
        Assert.That(() => QualifiedName.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith("expected schema.table"));
}
