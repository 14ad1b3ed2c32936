using BatchScorer.Errors;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>The rules between the properties of <c>labels</c>, and between them and the rest of a job.</summary>
internal sealed class LabelRules(JobDefinition job, JobLabels labels, JsonTree document, FaultList faults)
{
    public void Check()
    {
        if (faults.Sound("labels.key", "source.key"))
            CheckKey();
        if (faults.Sound("labels.output", "outputs"))
            CheckOutput("labels.output", labels.Output);
        if (faults.Sound("labels.probabilities", "outputs"))
            CheckOutput("labels.probabilities", labels.Probabilities);
        if (faults.Sound("labels.kind"))
            CheckKind();
        if (faults.Sound("labels.classes", "labels.probabilities") && labels.Classes is null != labels.Probabilities is null)
        {
            var (given, missing) = labels.Classes is null ? ("probabilities", "classes") : ("classes", "probabilities");
            faults.Add(document, $"labels.{given}", $"needs \"{missing}\" as well: which number is the probability of which class; name both, or leave this out");
        }
    }

    private void CheckKey()
    {
        if (labels.Key is { } key && key.Count != job.Source.Key.Count)
            faults.Add(document, "labels.key", $"expected a column for each of source.key ({string.Join(", ", job.Source.Key)}), got {key.Count}");
    }

    private void CheckOutput(string path, string? column)
    {
        if (column is not null && job.Outputs.Count > 0 && !job.Outputs.ContainsKey(column))
            faults.Add(document, path, $"\"outputs\" has no column \"{column}\"{Suggestion.For(column, job.Outputs.Keys)}; name one of {string.Join(", ", job.Outputs.Keys)}");
    }

    private void CheckKind()
    {
        if (labels.Kind is not { } kind)
            return;
        foreach (var (name, given, only) in new[]
        {
            ("positive", labels.Positive is not null, LabelKind.Binary), ("threshold", labels.Threshold is not null, LabelKind.Binary),
            ("classes", labels.Classes is not null, LabelKind.Multiclass), ("probabilities", labels.Probabilities is not null, LabelKind.Multiclass),
        })
        {
            if (given && kind != only && faults.Sound($"labels.{name}"))
                faults.Add(document, $"labels.{name}", $"only the kind \"{Word(only)}\" has it, and this is \"{Word(kind)}\"; leave it out");
        }
    }

    private static string Word(LabelKind kind) => kind.ToString().ToLowerInvariant();
}
