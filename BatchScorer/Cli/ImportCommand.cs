using System.CommandLine;
using System.Diagnostics;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Import;
using BatchScorer.Postgres;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>import TABLE --csv FILE</c>: the rows of a CSV file into a table, all of them or none.</summary>
internal static class ImportCommand
{
    private static readonly string[] OwnSchemas = ["scoring", "quartz"];

    public static Command Create(CommandContext context)
    {
        var table = new Argument<string>("TABLE") { Description = "The table, such as sales.customers." };
        var csv = new Option<string>("--csv") { Description = "The CSV file, with the names of the columns in its first line.", HelpName = "FILE", Required = true };
        var create = new Option<bool>("--create") { Description = "Make the table, with the types that hold all values of the file." };
        var key = new Option<string[]>("--key") { Description = "With --create: a column of the primary key. May be given again.", HelpName = "COLUMN" };
        var command = new DescribedCommand("import", "Read the rows of a CSV file into a table: all of them, or none and what is wrong with which line.",
            "import sales.customers --csv customers.csv",
            "import sales.customers --csv customers.csv --create --key customer_id")
        { table, csv, create, key };
        command.Validators.Add(result =>
        {
            if (result.GetResult(key) is { Implicit: false } && result.GetResult(create) is null or { Implicit: true })
                result.AddError("--key goes only with --create.");
            if (result.GetResult(csv)?.Tokens is [{ Value: CsvInput.Standard }])
                result.AddError("--csv is \"-\", expected a file.");
        });
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnAnyDatabaseAsync(parse, async host =>
        {
            var started = Stopwatch.GetTimestamp();
            var file = Path.GetFullPath(parse.GetRequiredValue(csv), context.Environment.WorkingFolder);
            var into = Parse(parse.GetRequiredValue(table));
            var request = new ImportRequest(file, into, parse.GetValue(create) ? parse.GetValue(key) ?? [] : null);
            var imported = await TransferProgressBar.ShowAsync(context.Terminal, Path.GetFileName(file),
                progress => FileImport.ImportAsync(host.Get<Database>(), request, progress, cancellationToken));

            context.Print(parse, imported, () =>
            {
                if (imported.Created is not null)
                    context.Terminal.Results.WriteLine($"{imported.Created};");
                context.Terminal.Results.WriteLine(
                    $"{Readable.Count(imported.Rows)} rows imported into {imported.Table} in {Readable.Duration(Stopwatch.GetElapsedTime(started))}.");
            });
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static QualifiedName Parse(string text)
    {
        try
        {
            var table = QualifiedName.Parse(text);
            return OwnSchemas.Contains(table.Schema)
                ? throw new BatchScorerException(ExitCode.Usage, $"TABLE is \"{text}\": the tables of schema {table.Schema} are this program's own; expected one in another schema.")
                : table;
        }
        catch (FormatException fault)
        {
            throw new BatchScorerException(ExitCode.Usage, $"TABLE is \"{text}\": {fault.Message}.", fault);
        }
    }
}
