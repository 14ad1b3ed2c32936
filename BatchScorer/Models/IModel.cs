using BatchScorer.Batches;

namespace BatchScorer.Models;

/// <summary>
/// A loaded model, ready to score batches. Thread-safe: partitions share one and each brings its own batches.
/// The two engines are in <c>Compiled/</c> and <c>MLNet/</c>; they give the same answers.
/// </summary>
internal interface IModel : IDisposable
{
    /// <summary>The engine's name: <c>Compiled</c> or <c>MLNet</c>.</summary>
    string Engine { get; }

    ModelSchema Schema { get; }

    /// <summary>
    /// Whether some answer may be a sum of floats, whose last places depend on the order in which they are added. Where none is, as with
    /// trees, every engine gives the same bits on every machine. True where the engine cannot tell.
    /// </summary>
    bool AddsFloats => true;

    /// <summary>Scores every row of a batch.</summary>
    /// <param name="inputs">Made by <see cref="ModelSchema.CreateInputs"/>, filled up to its row count.</param>
    /// <param name="outputs">
    /// Made by <see cref="ModelSchema.CreateOutputs"/> with at least as much room; what it held is forgotten, and its row count
    /// becomes that of <paramref name="inputs"/>. A score that is NaN is an answer like any other.
    /// </param>
    /// <param name="faults">
    /// Receives the rows that could not be scored (a text that is no number where a step of the model wants an integer),
    /// in ascending order. Their outputs are undefined but present, so that rows keep their places.
    /// </param>
    void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults);
}
