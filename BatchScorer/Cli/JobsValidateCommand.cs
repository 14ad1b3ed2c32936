using System.CommandLine;
using System.Text.Json.Serialization;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Gate;
using BatchScorer.Jobs.Json;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Registry.Stores;

namespace BatchScorer.Cli;

/// <summary><c>jobs validate</c>: all faults of job files at once, also against their models and the database.</summary>
internal static class JobsValidateCommand
{
    public static Command Create(CommandContext context)
    {
        var names = JobArgument.CreateMany(context);
        var command = new DescribedCommand("validate", "Check job files, also against their models and, where one can be reached, the database.",
            "jobs validate", "jobs validate churn --output json")
        { names, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunAsync(parse, async host =>
        {
            var validation = await ValidateAsync(host, parse.GetValue(names) ?? [], cancellationToken);
            context.Print(parse, validation, () => Print(validation, context.Terminal.Results));
            return validation.Faults.Count == 0 ? ExitCode.Done : ExitCode.BadConfiguration;
        }));
        return command;
    }

    private static async Task<Validation> ValidateAsync(ProgramHost host, string[] names, CancellationToken cancellationToken)
    {
        var catalog = host.ReadJobs();
        var wanted = names.Length == 0 ? catalog.Names : names.Select(name => catalog.Names.Contains(name) ? name : catalog.Find(name).Name).ToList();
        var faults = catalog.Faults.Where(fault => wanted.Contains(Path.GetFileNameWithoutExtension(fault.File))).ToList();

        var (database, skipped) = await TryConnectAsync(host, cancellationToken);
        await using (database)
        {
            var registry = database is null ? null : new ModelRegistry(new ModelCatalog(database.Writers), host.Get<StoredModels>());
            foreach (var job in catalog.Jobs.Where(job => wanted.Contains(job.Name)))
                faults.AddRange(await JobCheck.CheckAsync(job, database, registry, cancellationToken));
        }

        var validation = new Validation(wanted, faults, skipped);
        return catalog.Jobs.Any(job => wanted.Contains(job.Name) && (job.ModelFile is null || job.Definition.Challenger is not null))
            ? validation with { SkippedParts = "Registered models, tables, columns and types" }
            : validation;
    }

    private static async Task<(Database? Database, string? Skipped)> TryConnectAsync(ProgramHost host, CancellationToken cancellationToken)
    {
        if (host.ConnectionString is not { } connectionString)
            return (null, $"no database is configured ({ConnectionSetting.Path})");
        try
        {
            return (await Database.OpenAsync(connectionString, cancellationToken), null);
        }
        catch (BatchScorerException fault) when (fault.ExitCode is ExitCode.Unavailable)
        {
            return (null, fault.Message);
        }
    }

    private static void Print(Validation validation, TextWriter writer)
    {
        foreach (var fault in validation.Faults)
            writer.WriteLine(fault);
        var faulty = validation.Faults.Select(fault => fault.File).Distinct().Count();
        writer.WriteLine(validation.Faults.Count == 0
            ? $"{validation.Jobs.Count} job(s) checked, no faults."
            : $"{validation.Jobs.Count} job(s) checked, {validation.Faults.Count} fault(s) in {faulty} of them.");
        if (validation.DatabaseSkipped is { } why)
            writer.WriteLine($"{validation.SkippedParts} were not checked: {why}");
    }

    /// <param name="Jobs">The names of the jobs that were checked.</param>
    /// <param name="Faults">What is wrong with them.</param>
    /// <param name="DatabaseSkipped">Why registered models, tables, columns and types were not checked; null where they were.</param>
    private sealed record Validation(IReadOnlyList<string> Jobs, IReadOnlyList<FileFault> Faults, string? DatabaseSkipped)
    {
        /// <summary>What was not checked, in words.</summary>
        [JsonIgnore]
        public string SkippedParts { get; init; } = "Tables, columns and types";
    }
}
