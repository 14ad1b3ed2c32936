using System.CommandLine;
using System.Globalization;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Gate;
using BatchScorer.Models;
using BatchScorer.Quality.Challengers;
using BatchScorer.Registry;

namespace BatchScorer.Cli;

/// <summary>Puts a version of a model in use, if every job that will use it can, and says so: what <c>models promote</c> and <c>models rollback</c> share.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version in use now.</param>
/// <param name="InsteadOf">The one that was before; null for none.</param>
/// <param name="IsNew">Whether it was put in use by this command.</param>
/// <param name="Jobs">The jobs whose next run scores with it.</param>
internal sealed record PromotionReport(string Name, string Version, string? InsteadOf, bool IsNew, IReadOnlyList<string> Jobs)
{
    /// <summary>The figures that decided; null where it was put in use without asking.</summary>
    public ContestResult? DecidedBy { get; init; }

    /// <param name="host">The program.</param>
    /// <param name="model">The version.</param>
    /// <param name="last">The promotion that held when this was decided; null for none.</param>
    /// <param name="reason"><see cref="Promotion.Promote"/> or <see cref="Promotion.Rollback"/>.</param>
    /// <param name="terminal">Told of job files that could not be checked.</param>
    /// <exception cref="BatchScorerException">It may not be put in use.</exception>
    public static async Task<PromotionReport> PutInUseAsync(
        ProgramHost host, RegisteredModel model, Promotion? last, string reason, Printing.Terminal terminal, CancellationToken cancellationToken)
    {
        var catalog = host.ReadJobs();
        var jobs = PromotionGate.JobsOf(model.Name, catalog);
        foreach (var file in catalog.Faults.Select(fault => fault.File).Distinct())
            terminal.Progress.WriteLine($"{file} has faults, so it was not checked against {model.Reference()}: see `batchscorer jobs validate`.");
        await host.Get<PromotionGate>().CheckAsync(model, jobs, cancellationToken);
        await host.Get<ModelPromotions>().PromoteAsync(model.Reference(), last, reason, cancellationToken);
        return new PromotionReport(model.Name, model.Version, last?.Version, IsNew: true, [.. jobs.Select(job => job.Name)]);
    }

    /// <summary>Prints it, and answers for the command.</summary>
    public ExitCode Print(CommandContext context, ParseResult parse)
    {
        var reference = new ModelReference(Name, Version);
        context.Print(parse, this, () => context.Terminal.Results.WriteLine(!IsNew
            ? $"{reference} is in use already."
            : $"{reference} is in use{(InsteadOf is null ? "" : $" instead of {InsteadOf}")}; {(Jobs.Count == 0 ? "no job of this folder follows it." : $"the next run of {string.Join(", ", Jobs)} scores with it.")}{Decided()}"));
        return ExitCode.Done;
    }

    private string Decided() => DecidedBy is not { } contest ? ""
        : string.Create(CultureInfo.InvariantCulture, $" By {contest.Labelled} labels of job {contest.Job} its {contest.Metric} is {contest.Challenger:0.######}, and was {contest.InUse:0.######}.");
}
