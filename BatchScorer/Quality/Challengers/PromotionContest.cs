using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality.Labels;
using BatchScorer.Registry;

namespace BatchScorer.Quality.Challengers;

/// <summary>By which figures a challenger was promoted.</summary>
/// <param name="Job">The job whose rows both have scored.</param>
/// <param name="Labelled">How many of them have a label.</param>
/// <param name="Metric">What decided.</param>
/// <param name="InUse">Its value for the model that the job scored with.</param>
/// <param name="Challenger">Its value for the challenger.</param>
internal sealed record ContestResult(string Job, long Labelled, string Metric, double InUse, double Challenger);

/// <summary>Decides by what really happened whether a challenger is better than the model beside which it has scored.</summary>
internal sealed class PromotionContest(Database database)
{
    /// <summary>Fewer labels say too little.</summary>
    public const int FewestLabels = 100;

    /// <summary>The job whose labels decide.</summary>
    /// <param name="candidate">The version that is to be put in use.</param>
    /// <param name="jobs">The jobs of the folder.</param>
    /// <param name="named">The job that somebody has named; null where nobody has.</param>
    /// <exception cref="BatchScorerException">Nobody has named one, and not one but several jobs or none have it as their challenger.</exception>
    public static Job Choose(RegisteredModel candidate, JobCatalog jobs, string? named)
    {
        if (named is not null)
            return jobs.Find(named);
        var having = jobs.Jobs.Where(job => IsChallengerOf(job, candidate)).ToList();
        return having is [var only] ? only : throw Refuse(candidate, having.Count == 0
            ? $"no job of this folder has it as its challenger. Name it in a job's file, \"challenger\": \"{candidate.Reference()}\", and let it score beside for a while; or say with --job in which it has"
            : $"it is the challenger of {string.Join(" and ", having.Select(job => job.Name))}. Say with --job which of them decides");
    }

    /// <summary>Holds a metric of the candidate against that of the model beside which it has scored, by the same labelled rows.</summary>
    /// <param name="job">The job.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="sha256InUse">The model that it has to have scored beside; null for that of the newest run.</param>
    /// <param name="metric">The metric.</param>
    /// <exception cref="BatchScorerException">The candidate is not better, or it cannot be told.</exception>
    public async Task<ContestResult> RequireBetterAsync(Job job, RegisteredModel candidate, string? sha256InUse, string metric, CancellationToken cancellationToken)
    {
        var comparison = await LabelSource.CompareAsync(database.Readers, job, cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var runs = await ComparedRuns.FindAsync(connection, job.Name, new ComparisonChoice { ChallengerSha256 = candidate.Sha256, ModelSha256 = sha256InUse }, cancellationToken)
            ?? throw Refuse(candidate, $"in no published run of job {job.Name} has it scored beside the model in use. Name it in {Path.GetFileName(job.File)}, \"challenger\": \"{candidate.Reference()}\", run `batchscorer db migrate`, and let the job run until labels come");
        var quality = await LabelledComparison.MeasureAsync(connection, job.Name, comparison, runs, cancellationToken)
            ?? throw Refuse(candidate, $"it does not have the output that job {job.Name} compares with labels, \"{comparison.Output}\"");
        var found = quality.Metrics.FirstOrDefault(candidateMetric => candidateMetric.Name == metric)
            ?? throw Refuse(candidate, $"the labels of job {job.Name} give no {metric}, expected one of {string.Join(", ", quality.Metrics.Select(of => of.Name))}");
        if (quality.Labelled < FewestLabels)
            throw Refuse(candidate, $"only {quality.Labelled} of the rows of job {job.Name} that it and {runs.Model} have scored have a label, expected at least {FewestLabels}. Try again when more are known; `batchscorer quality {job.Name}` takes them up");
        if (found is not { Model: { } inUse, Challenger: { } challenger })
            throw Refuse(candidate, $"{metric} is not defined by the {quality.Labelled} labels of job {job.Name}: {found.Reason}");
        if (found.ChallengerIsBetter is not true)
            throw Refuse(candidate, $"by {quality.Labelled} labels of job {job.Name} its {metric} is {Figure(challenger)}, and that of {runs.Model} {Figure(inUse)}");
        return new ContestResult(job.Name, quality.Labelled, metric, inUse, challenger);
    }

    private static bool IsChallengerOf(Job job, RegisteredModel candidate) =>
        job.Definition.ChallengerReference() is { } named && (named == candidate.Reference() || (named.IsNewest && named.Name == candidate.Name));

    private static BatchScorerException Refuse(RegisteredModel candidate, string why) => new(ExitCode.BadConfiguration, $"{candidate.Reference()} is not put in use: {why}.");

    private static string Figure(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
