using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Models;
using BatchScorer.Registry;
using BatchScorer.Postgres;
using BatchScorer.Registry.Golden;
using BatchScorer.Registry.References;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>models register FILE --name NAME --version VERSION</c>: gives a model a name and a version.</summary>
internal static class ModelsRegisterCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A model.zip that ML.NET saved." };
        var name = new Option<string>("--name") { Description = "The model's name, which jobs refer to.", HelpName = "NAME", Required = true };
        var version = new Option<string>("--version") { Description = "Its version, which never changes afterwards.", HelpName = "VERSION", Required = true };
        var golden = new Option<string?>("--golden") { Description = "A CSV file of golden rows: the model has to score them ever after as it does now, and as the file says where it has columns for the answers.", HelpName = "FILE" };
        var reference = new Option<string?>("--reference") { Description = "A CSV file of the rows that the model was made with: runs are compared with them, and a source that is unlike them is refused.", HelpName = "FILE" };
        var query = new Option<string?>("--reference-query") { Description = "The same as a SELECT, whose columns are the model's inputs.", HelpName = "SQL" };
        var inputs = InputColumns.CreateOption();
        var notes = new Option<string?>("--notes") { Description = "What to say about this version.", HelpName = "TEXT" };
        name.Validators.Add(result => Require(result.Tokens[0].Value, ModelReference.IsName, $"--name is \"{result.Tokens[0].Value}\", expected {ModelReference.ExpectedName}.", result.AddError));
        version.Validators.Add(result => Require(result.Tokens[0].Value, ModelReference.IsVersion,
            $"--version is \"{result.Tokens[0].Value}\", expected {ModelReference.ExpectedVersion}; \"{ModelReference.Champion}\" and \"{ModelReference.Newest}\" are aliases.", result.AddError));
        var command = new DescribedCommand("register", "Give a model a name and a version, and put its file where every node finds it.",
            "models register churn.zip --name churn --version 2026-11-20",
            "models register churn.zip --name churn --version 2026-11-20 --golden golden.csv --reference training.csv --notes \"trained on October\"",
            "models register churn.zip --name churn --version 2026-11-20 --reference-query \"SELECT * FROM demo.customers WHERE updated_at < '2026-11-01'\"")
        { file, name, version, golden, reference, query, inputs, notes };
        command.Validators.Add(result => Require("", _ => result.GetValue(reference) is null || result.GetValue(query) is null, "--reference and --reference-query exclude each other: give one of them.", result.AddError));
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var registering = new ModelReference(parse.GetRequiredValue(name), parse.GetRequiredValue(version));
            var folder = context.Environment.WorkingFolder;
            var modelFile = ModelFile.Read(Path.GetFullPath(parse.GetRequiredValue(file), folder));
            using var model = ModelLoader.Load(modelFile, EngineChoice.Auto);
            (GoldenRows? rows, IReadOnlyList<string> expected) = parse.GetValue(golden) is { } path
                ? await GoldenFile.ScoreAsync(Path.GetFullPath(path, folder), model, InputColumns.Read(parse, inputs), cancellationToken)
                : (null, []);
            var data = await ProfileAsync(new ReferenceProfiler(model, InputColumns.Read(parse, inputs)), parse.GetValue(reference) is { } csv ? Path.GetFullPath(csv, folder) : null, parse.GetValue(query));
            var (place, isNew) = await host.Get<ModelRegistration>().RegisterAsync(registering, modelFile, model, rows, data, parse.GetValue(notes), cancellationToken);
            var registered = new Registered(registering.Name, registering.Version, modelFile.Sha256, isNew, place, isNew ? rows?.Rows ?? 0 : null, expected)
            {
                ReferenceRows = isNew ? data?.Rows : null,
                ReferenceRowsRejected = isNew ? data?.Rejected : null,
            };
            context.Print(parse, registered, () => Print(registered, context.Terminal));
            return ExitCode.Done;

            async Task<ReferenceData?> ProfileAsync(ReferenceProfiler profiler, string? path, string? sql) =>
                path is not null ? await TransferProgressBar.ShowAsync(context.Terminal, Path.GetFileName(path), progress => profiler.ProfileFileAsync(path, progress, cancellationToken))
                : sql is not null ? await TransferProgressBar.ShowAsync(context.Terminal, "reference", progress => profiler.ProfileQueryAsync(host.Get<Database>().Readers, sql, progress, cancellationToken))
                : null;
        }, cancellationToken));
        return command;
    }

    private static void Print(Registered model, Terminal terminal)
    {
        if (model.IsNew)
            terminal.Results.WriteLine($"Registered {model.Name}@{model.Version}.");
        else
            terminal.Results.WriteLine($"{model.Name}@{model.Version} is registered already with these bytes: nothing is changed but that its file is in the store for certain.");
        Fields.Print(
            terminal.Results,
            ("sha-256", model.Sha256),
            ("file", model.File),
            ("golden", model.GoldenRows switch
            {
                null => null,
                0 => "no rows",
                { } rows when model.Expected.Count == 0 => $"{Readable.Count(rows)} rows, recorded as the model scores them",
                { } rows => $"{Readable.Count(rows)} rows, scored as the file has {string.Join(", ", model.Expected)}",
            }),
            ("reference", model.ReferenceRows is { } profiled ? $"{Readable.Count(profiled)} rows{(model.ReferenceRowsRejected > 0 ? $", and {Readable.Count(model.ReferenceRowsRejected.Value)} that cannot be scored left out" : "")}" : null),
            ("next", model.IsNew ? $"batchscorer models promote {model.Name}@{model.Version}" : null));
    }

    private static void Require(string value, Predicate<string> isRight, string otherwise, Action<string> addError)
    {
        if (!isRight(value))
            addError(otherwise);
    }

    /// <param name="Name">The model.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Sha256">SHA-256 of its file.</param>
    /// <param name="IsNew">Whether it has not been registered before.</param>
    /// <param name="File">Where the model store has its file.</param>
    /// <param name="GoldenRows">How many golden rows were recorded; null where it was registered before.</param>
    /// <param name="Expected">The answers that the golden file had as well.</param>
    private sealed record Registered(string Name, string Version, string Sha256, bool IsNew, string File, int? GoldenRows, IReadOnlyList<string> Expected)
    {
        /// <summary>Rows of the reference that were profiled; null where there is none, or the version was registered before.</summary>
        public long? ReferenceRows { get; init; }

        /// <summary>Rows of it that the model cannot score, which are left out.</summary>
        public long? ReferenceRowsRejected { get; init; }
    }
}
