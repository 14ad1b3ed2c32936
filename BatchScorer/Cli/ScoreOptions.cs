using System.CommandLine;
using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Jobs;
using BatchScorer.Models;

namespace BatchScorer.Cli;

/// <summary>The options of <c>score</c>.</summary>
internal sealed class ScoreOptions
{
    private readonly Option<string> input = new("--in") { Description = "The CSV file to score, or - for standard input.", HelpName = "FILE|-", Required = true };
    private readonly Option<string> output = new("--out") { Description = "The CSV file to write, or - for standard output. It is there when all of it is written.", HelpName = "FILE|-", Required = true };
    private readonly Option<string?> rejected = new("--rejected") { Description = "A CSV file for the rows that cannot be scored, with line, column and reason. Default: the first few are told.", HelpName = "FILE" };
    private readonly Option<string[]> columns = new("--columns")
    {
        Description = "The columns to write, with commas between: of the file, and of the model's outputs. Default: all.",
        HelpName = "LIST",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private readonly Option<string[]> inputs = InputColumns.CreateOption();
    private readonly Option<EngineChoice> engine = new("--engine") { Description = "Which engine scores: auto, compiled or mlnet. Default: auto.", HelpName = "auto|compiled|mlnet" };
    private readonly Option<int?> rejectedRows = Numbers.Option("--rejected-rows", "How many rows may be rejected. Default: 1000.", 0, int.MaxValue);
    private readonly Option<double?> rejectedShare = Shares.Option("--rejected-share", "Which share of the rows may be rejected, from 0 to 1. Default: 0.01.");

    public void AddTo(Command command)
    {
        engine.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "auto", "compiled", "mlnet");
        foreach (var option in new Option[] { input, output, rejected, columns, inputs, engine, rejectedRows, rejectedShare })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(rejected)?.Tokens is [{ Value: OutputFile.Standard }])
                result.AddError("--rejected is \"-\", expected a file: standard output is for the scores.");
        });
    }

    public string In(ParseResult parse, string folder) => Place(parse.GetRequiredValue(input), folder);

    public string Out(ParseResult parse, string folder) => Place(parse.GetRequiredValue(output), folder);

    public string? Rejected(ParseResult parse, string folder) => parse.GetValue(rejected) is { } path ? Place(path, folder) : null;

    public bool WritesToStandardOutput(ParseResult parse) => parse.GetRequiredValue(output) == OutputFile.Standard;

    public EngineChoice Engine(ParseResult parse) => parse.GetValue(engine);

    public IReadOnlyList<string> Columns(ParseResult parse) => parse.GetValue(columns) ?? [];

    public IReadOnlyDictionary<string, string> Inputs(ParseResult parse) => InputColumns.Read(parse, inputs);

    public RejectionLimits Limits(ParseResult parse, JobLimits defaults) =>
        new(parse.GetValue(rejectedRows) ?? defaults.RejectedRows, parse.GetValue(rejectedShare) ?? defaults.RejectedShare);

    private static string Place(string path, string folder) => path == CsvInput.Standard ? path : Path.GetFullPath(path, folder);
}
