using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Quality;
using BatchScorer.Quality.Challengers;
using BatchScorer.Quality.Metrics;
using BatchScorer.Registry;

namespace BatchScorer.Cli;

/// <summary><c>models promote NAME@VERSION</c>: makes a version the champion.</summary>
internal static class ModelsPromoteCommand
{
    public static Command Create(CommandContext context)
    {
        var argument = ModelArgument.CreateVersion();
        var ifBetter = new Option<string?>("--if-better")
        {
            Description = $"Only if this metric of it is better than that of the version in use, by the labels of a job in which it is the challenger: {string.Join(", ", MetricNames.All)}.",
            HelpName = "METRIC",
        };
        ifBetter.AcceptOnlyFromAmong([.. MetricNames.All]);
        var job = new Option<string?>("--job") { Description = "With --if-better: the job whose labels decide. Default: the one that has it as its challenger.", HelpName = "JOB" };
        var command = new DescribedCommand("promote", "Put a version of a model in use, if it scores its golden rows and fits every job that names the model's champion.",
            "models promote churn@2026-11-20", "models promote churn@2026-11-20 --if-better auc")
        { argument, ifBetter, job, context.Jobs };
        context.AddOutput(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(job) is { Implicit: false } && result.GetResult(ifBetter) is null or { Implicit: true })
                result.AddError("--job goes only with --if-better.");
        });
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var reference = ModelReference.Parse(parse.GetRequiredValue(argument));
            if (reference.IsChampion)
                throw new BatchScorerException(ExitCode.Usage, $"{reference} is whichever version is in use: expected the one to put in use, see `batchscorer models list {reference.Name}`.");
            var model = await host.Get<ModelRegistry>().FindAsync(reference, ExitCode.Usage, cancellationToken);
            var last = await host.Get<ModelPromotions>().LastAsync(model.Name, cancellationToken);
            if (last?.Version == model.Version)
                return new PromotionReport(model.Name, model.Version, last.InsteadOf, IsNew: false, []).Print(context, parse);
            var contest = parse.GetValue(ifBetter) is { } metric ? await ContestAsync(host, model, last, metric, parse.GetValue(job), cancellationToken) : null;
            var report = await PromotionReport.PutInUseAsync(host, model, last, Promotion.Promote, context.Terminal, cancellationToken);
            return (report with { DecidedBy = contest }).Print(context, parse);
        }, cancellationToken));
        return command;
    }

    private static async Task<ContestResult> ContestAsync(ProgramHost host, RegisteredModel model, Promotion? last, string metric, string? named, CancellationToken cancellationToken)
    {
        var job = PromotionContest.Choose(model, host.ReadJobs(), named);
        var follows = job.Definition.Model.Reference() is { IsChampion: true } champion && champion.Name == model.Name;
        var inUse = follows && last is not null ? await host.Get<ModelRegistry>().FindAsync(new ModelReference(model.Name, last.Version), ExitCode.Failed, cancellationToken) : null;
        // What is known by now decides.
        await host.Get<JobQuality>().UpdateAsync(job, all: false, progress: null, cancellationToken);
        return await host.Get<PromotionContest>().RequireBetterAsync(job, model, inUse?.Sha256, metric, cancellationToken);
    }
}
