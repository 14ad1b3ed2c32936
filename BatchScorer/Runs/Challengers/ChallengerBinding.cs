using System.Text;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Predictions.Views;
using BatchScorer.Sources;

namespace BatchScorer.Runs.Challengers;

/// <summary>Fits a challenger to a job that has been bound to its own model: which column fills which input, and which of the job's outputs it has too.</summary>
/// <param name="job">The job.</param>
/// <param name="model">What the challenger reads and answers.</param>
/// <param name="predictions">The job's own predictions.</param>
internal sealed class ChallengerBinding(JobDefinition job, ModelSchema model, PredictionLayout predictions)
{
    /// <summary>The property that names the challenger.</summary>
    public const string Path = "challenger";

    private const int LongestName = 63;

    private readonly List<BindingFault> faults = [];

    /// <summary>Binds, or says everything that does not fit.</summary>
    /// <returns>Null where there are faults.</returns>
    public (IReadOnlyList<InputMapping> Inputs, PredictionLayout Predictions)? TryBind(SourceDescription source, out IReadOnlyList<BindingFault> found)
    {
        found = faults;
        var shared = predictions.Outputs.Where(column => model.Outputs.Any(output => output.Name == column.Output)).ToList();
        if (shared.Count == 0)
        {
            Add($"it has none of the outputs that the job stores, {string.Join(", ", predictions.Outputs.Select(column => column.Output))}, so there is nothing to compare; it has {string.Join(", ", model.Outputs.Select(output => output.Name))}");
            return null;
        }

        CheckTypes(shared);
        CheckNames();
        var alone = job with
        {
            Inputs = job.Inputs.Where(pair => model.Inputs.Any(input => input.Name == pair.Key)).ToDictionary(),
            Outputs = shared.ToDictionary(column => column.Name, column => column.Output),
            Carry = [],
            Watch = new JobWatch(),
            Challenger = null,
        };
        var bound = new JobBinding(alone, model, source).TryBind(out var unfit);
        foreach (var fault in unfit)
            Add($"{fault.Path}: {fault.Message}");
        return faults.Count > 0 || bound is not var (layout, answers) ? null : (layout.Inputs, predictions.OfChallenger() with { Outputs = answers.Outputs });
    }

    private void CheckTypes(IEnumerable<OutputColumn> shared)
    {
        foreach (var column in shared)
        {
            var type = model.Outputs.First(output => output.Name == column.Output).Type;
            if (type != column.Type)
                Add($"its output {column.Output} is a {type}, and that of the job's model a {column.Type}: the two cannot be compared");
        }
    }

    /// <summary>Both answers stand side by side in a view, the challenger's under the same name with something before it.</summary>
    private void CheckNames()
    {
        var taken = predictions.Key.Select(column => column.Name).Concat(predictions.Outputs.Select(column => column.Name)).Concat(ComparisonView.Common).ToHashSet();
        foreach (var name in predictions.Outputs.Select(column => ComparisonView.NameOf(column.Name)))
        {
            if (!taken.Add(name))
                Add($"scoring.{job.Name}_comparison would have two columns \"{name}\"; call the job's output otherwise");
            else if (Encoding.UTF8.GetByteCount(name) > LongestName)
                Add($"scoring.{job.Name}_comparison cannot have a column \"{name}\", since PostgreSQL allows {LongestName} bytes; call the job's output by a shorter name");
        }
    }

    private void Add(string message) => faults.Add(new BindingFault(Path, $"{job.Challenger}: {message}"));
}
