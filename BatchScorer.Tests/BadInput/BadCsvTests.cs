using System.Text;
using BatchScorer.Cli.Demo;
using BatchScorer.Errors;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// The demo's customers of <c>csv.txt</c>: recipes of bytes in which <c>header</c> and <c>row</c> are lines of the sample, with
/// fields that are other than there.
/// </summary>
internal sealed class BadCsvTests
{
    private static readonly string[][] Sample = [.. File.ReadLines(Repository.PathTo("jobs/samples/customers.csv")).Take(2).Select(line => line.Split(','))];

    private string file = null!;

    private static IReadOnlyList<BadCase> Cases => BadCase.Read("csv.txt");

    [SetUp]
    public void NameFile() => file = Path.Combine(Path.GetTempPath(), $"batchscorer-test-{Path.GetRandomFileName()}.csv");

    [TearDown]
    public void RemoveFile() => File.Delete(file);

    [TestCaseSource(nameof(Cases))]
    public void A_bad_file_says_exactly_what_is_wrong(BadCase bad)
    {
        File.WriteAllBytes(file, [.. bad.Lines.SelectMany(Line)]);

        var fault = Assert.Throws<BatchScorerException>(() => CustomersFile.Read(file).ToList())!;

        Assert.That((fault.Message.Replace(file, "customers.csv", StringComparison.Ordinal), fault.ExitCode), Is.EqualTo((bad.Expected, ExitCode.BadConfiguration)));
    }

    private static byte[] Line(string line) => line.Split(' ', 2) switch
    {
        ["header", .. var change] => Changed(Sample[0], change),
        ["row", .. var change] => Changed(Sample[1], change),
        _ => ByteRecipe.Make([line]),
    };

    private static byte[] Changed(string[] fields, string[] change)
    {
        var changed = fields.ToArray();
        if (change is [var text] && text.Split('=', 2) is [var column, var value])
            changed[Array.IndexOf(Sample[0], column)] = value;
        return Encoding.UTF8.GetBytes(string.Join(',', changed) + '\n');
    }
}
