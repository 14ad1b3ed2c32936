using BatchScorer.Exchange.Csv;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Profiles;
using BatchScorer.Runs;
using BatchScorer.Runs.Watching;

namespace BatchScorer.Exchange.Scoring;

/// <summary>Profiles a file's rows as inputs of a model, and what the model answers to them: the reference that runs are compared with.</summary>
internal static class FileProfiler
{
    /// <summary>Reads the file to its end.</summary>
    /// <param name="input">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="layout">How both go together.</param>
    /// <returns>The profile of the rows that can be scored, and how many cannot.</returns>
    public static async Task<(TableProfile Profile, long Rejected)> ProfileAsync(CsvInput input, IModel model, FileLayout layout, CancellationToken cancellationToken)
    {
        var block = new FileBlock(input, model.Schema, layout);
        var outputs = model.Schema.CreateOutputs(block.Inputs.Capacity);
        var check = new ScoreCheck(new PredictionLayout("file", [], null, [], layout.Outputs), outputs);
        var profiles = new ProfileCollector(RunColumns.Of(block.Inputs, outputs, layout.Outputs));
        var faults = new List<RowFault>();
        var rejected = 0L;
        for (var more = true; more;)
        {
            more = await block.FillAsync(input, cancellationToken);
            faults.Clear();
            if (block.Inputs.RowCount > 0)
                model.Score(block.Inputs, outputs, faults);
            check.FindNaN(block.Inputs.RowCount, faults);
            var skipped = new bool[block.Inputs.RowCount];
            foreach (var fault in faults)
                skipped[fault.Row] = true;
            profiles.Add(skipped);
            rejected += block.Count - skipped.Count(row => !row);
        }

        return (profiles.Take(), rejected);
    }
}
