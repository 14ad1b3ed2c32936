using System.Text;

namespace BatchScorer.Tests.Jobs;

internal sealed class JobFileTextTests : JobFolderTests
{
    private const string Good = """{ "name": "churn", "source": { "table": "t", "key": ["größe"] }, "model": { "path": "churn.zip" } }""";

    [Test]
    public void A_byte_order_mark_before_UTF_8_is_no_fault() =>
        Assert.That(Folder.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)]).Job!.Definition.Source.Key, Is.EqualTo(new[] { "größe" }));

    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void UTF_16_is_named_as_such(string encodingName)
    {
        var encoding = Encoding.GetEncoding(encodingName);

        Assert.That(Fault([.. encoding.Preamble, .. encoding.GetBytes(Good)]), Is.EqualTo("churn.json: the file is UTF-16, expected UTF-8; save it in that encoding"));
    }

    [Test]
    public void Bytes_that_are_no_UTF_8_are_found_in_their_line() =>
        Assert.That(Fault(Encoding.Latin1.GetBytes("{\n\"name\": \"größe\" }")), Is.EqualTo("churn.json:2: this is not UTF-8; save the file in that encoding"));

    [TestCase("")]
    [TestCase(" \r\n\t\n")]
    public void An_empty_file_is_said_to_be_empty(string content) =>
        Assert.That(Fault(Encoding.UTF8.GetBytes(content)), Is.EqualTo("churn.json: the file is empty, expected a JSON object"));

    [Test]
    public void A_file_over_a_mebibyte_is_not_read() =>
        Assert.That(Fault(new byte[(1 << 20) + 1]), Is.EqualTo("churn.json: the file has 1048577 bytes, expected at most 1048576"));

    [Test]
    public void A_file_of_brackets_ends_at_the_deepest_allowed() =>
        Assert.That(Fault(Encoding.UTF8.GetBytes(new string('[', 1 << 20))), Does.StartWith("churn.json:1: this is not JSON, at column 17: The maximum configured depth of 16 has been exceeded"));

    [Test]
    public void Zero_bytes_are_no_JSON() =>
        Assert.That(Fault(new byte[3]), Is.EqualTo("churn.json:1: this is not JSON, at column 1: '0x00' is an invalid start of a value"));

    [Test]
    public void Lines_of_Windows_are_counted_once_each() =>
        Assert.That(Fault(Encoding.UTF8.GetBytes(Good.Replace("\"model\"", "\r\n\r\n\"modell\"", StringComparison.Ordinal))), Is.EqualTo("churn.json:3: modell: unknown property, did you mean \"model\"?"));

    [Test]
    public void Long_texts_are_cut_short_in_messages()
    {
        var content = Good.Replace("\"t\"", $"\"{new string('a', 100_000)}\"", StringComparison.Ordinal)
            .Replace("\"name\"", $"\"{new string('b', 100_000)}\": 1, \"name\"", StringComparison.Ordinal);

        Assert.That(Folder.Read(Encoding.UTF8.GetBytes(content)).Faults.Select(fault => fault.ToString().Length), Is.All.LessThan(1100));
    }

    [Test]
    public void A_file_that_is_not_there_cannot_be_read()
    {
        var (job, faults) = Folder.Reader().Read(Folder.Path("churn.json"));

        Assert.That(job, Is.Null);
        Assert.That(faults.Single().ToString(), Does.StartWith("churn.json: the file cannot be read: "));
    }

    private string Fault(byte[] content) => Folder.Read(content).Faults.Single().ToString();
}
