using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Import;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Models;
using BatchScorer.Tests.Exchange;
using CsvHelper;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// CSV files of <c>files.txt</c>. A case is either <c>score MODEL</c>, or <c>import TYPE</c>, and recipes of the file's bytes; a file to
/// import has a column of that type. In a file to score, <c>good</c> is a row that the model scores, with one field that is other than
/// there. Expected is <c>scored</c> or <c>fits</c>, or what is told.
/// </summary>
internal sealed class BadFileTests
{
    private static readonly Dictionary<string, uint> TypeIds = new()
    {
        ["boolean"] = 16, ["smallint"] = 21, ["integer"] = 23, ["bigint"] = 20, ["real"] = 700, ["double"] = 701, ["numeric"] = 1700, ["text"] = 25,
        ["varchar(3)"] = 1043, ["date"] = 1082, ["timestamp"] = 1114, ["timestamptz"] = 1184, ["uuid"] = 2950,
    };

    private TemporaryFolder folder = null!;

    private static IReadOnlyList<BadCase> Cases => BadCase.Read("files.txt");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(Cases))]
    public async Task A_bad_file_says_exactly_what_is_wrong(BadCase bad)
    {
        var (verb, subject) = bad.Lines[0].Split(' ') is [var first, var second] ? (first, second) : throw new ArgumentException(bad.Lines[0]);
        await File.WriteAllBytesAsync(folder["a.csv"], [.. bad.Lines.Skip(1).SelectMany(line => Line(subject, line))]);

        var told = await TellAsync(() => verb == "score" ? ScoreAsync(subject) : CheckAsync(subject));

        Assert.That(told.Replace(folder["a.csv"], "a.csv", StringComparison.Ordinal), Is.EqualTo(bad.Expected));
    }

    private static async Task<string> TellAsync(Func<Task<string>> work)
    {
        try
        {
            return await work();
        }
        catch (BatchScorerException fault)
        {
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            return fault.Message;
        }
    }

    private async Task<string> ScoreAsync(string golden)
    {
        using var model = ModelLoader.Load(ModelFile.Read(Repository.PathTo($"BatchScorer.Tests/Golden/{golden}/model.zip")), EngineChoice.Compiled);
        using var input = await CsvInput.OpenAsync(folder["a.csv"], () => Stream.Null, CancellationToken.None);
        var layout = FileLayout.Bind(input, model.Schema, new Dictionary<string, string>(), []);
        await using var output = CsvWriter.Create(Stream.Null);
        var score = await new FileScorer(input, model, layout).ScoreAsync(output, null, new RejectionLimits(1000, 1), new Progress<BatchScorer.Exchange.TransferProgress>(), CancellationToken.None);
        return score.FirstRejected.Count == 0 ? "scored" : string.Join('\n', score.FirstRejected.Select(row => $"{row.Line}: {row.Column}: {row.Reason}"));
    }

    private async Task<string> CheckAsync(string type)
    {
        using var input = await CsvInput.OpenAsync(folder["a.csv"], () => Stream.Null, CancellationToken.None);
        var column = new TargetColumn("value", type, TypeIds[type], type == "varchar(3)" ? 3 : null, IsRequired: false, HasDefault: false, IsGenerated: false);
        var faults = new CsvFaults(input);
        while (await input.ReadAsync(CancellationToken.None))
        {
            if (!input.IsMissing(0) && FieldCheck.FindFault(column, input[0]) is { } fault)
                faults.Add(input.Line, "value", fault);
        }

        faults.ThrowIfAny();
        return "fits";
    }

    private static byte[] Line(string model, string line) => line.Split(' ', 2) switch
    {
        ["good", .. var change] => Good(model, change),
        _ => ByteRecipe.Make([line]),
    };

    /// <summary>The header and a first row of the golden case's own input.</summary>
    private static byte[] Good(string model, string[] change)
    {
        var lines = File.ReadLines(Repository.PathTo($"BatchScorer.Tests/Golden/{model}/input.csv")).Take(2).Select(line => line.Split(',')).ToArray();
        if (change is [var text] && text.Split('=', 2) is [var column, var value])
            lines[1][Array.IndexOf(lines[0], column)] = value;
        return ByteRecipe.Make(lines.Select(fields => $"text {string.Join(',', fields)}"));
    }
}
