using BatchScorer.Batches;
using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>
/// A model whose first batch is scored by a second engine too. Until both have given the same answers no batch comes back,
/// so that nothing is written that they disagree on; then the second one is let go.
/// </summary>
/// <param name="model">The engine that scores.</param>
/// <param name="reference">The engine that is asked once. It is disposed with this model or before.</param>
/// <param name="tolerance">The relative difference floats may have; 0 where the bits must be the same.</param>
internal sealed class CheckedModel(IModel model, IModel reference, double tolerance) : IModel
{
    private readonly Lock gate = new();
    private volatile bool haveAgreed;

    public string Engine => model.Engine;

    public ModelSchema Schema => model.Schema;

    public bool AddsFloats => model.AddsFloats;

    /// <exception cref="BatchScorerException">The engines disagree.</exception>
    public void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults)
    {
        if (haveAgreed || inputs.RowCount == 0)
        {
            model.Score(inputs, outputs, faults);
            return;
        }

        lock (gate)
        {
            var found = new List<RowFault>();
            model.Score(inputs, outputs, found);
            if (!haveAgreed)
                Compare(inputs, outputs, found);
            foreach (var fault in found)
                faults.Add(fault);
        }
    }

    public void Dispose()
    {
        model.Dispose();
        reference.Dispose();
    }

    private void Compare(Batch inputs, Batch outputs, List<RowFault> faults)
    {
        var others = reference.Schema.CreateOutputs(inputs.RowCount);
        var otherFaults = new List<RowFault>();
        reference.Score(InputsOfReference(inputs), others, otherFaults);

        var rejected = faults.Select(fault => fault.Row).ToHashSet();
        if (!rejected.SetEquals(otherFaults.Select(fault => fault.Row)))
            throw Disagreement($"{model.Engine} rejects {rejected.Count} rows of the first batch and {reference.Engine} {otherFaults.Count}, not the same ones");
        if (AnswerComparison.Difference(outputs, others, rejected, tolerance) is { } difference)
            throw Disagreement($"{difference.Column} of row {difference.Row} of the first batch is {difference.Value} by {model.Engine} and {difference.Other} by {reference.Engine}");
        haveAgreed = true;
        reference.Dispose();
    }

    private Batch InputsOfReference(Batch inputs)
    {
        var columns = reference.Schema.Inputs.Select(wanted =>
            inputs.Columns.FirstOrDefault(column => column.Name == wanted.Name && column.Type == wanted.Type)
            ?? throw Disagreement($"{reference.Engine} reads {wanted.Name} ({wanted.Type}), and {model.Engine} does not"));
        return new Batch([.. columns], inputs.Capacity) { RowCount = inputs.RowCount };
    }

    private static BatchScorerException Disagreement(string what) => new(
        ExitCode.Failed,
        $"the two engines disagree on this model: {what}; nothing was written. Set \"engine\" to \"mlnet\" in the job's model, and report the difference.");
}
