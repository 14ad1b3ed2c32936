using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>Where rows go as they are read.</summary>
/// <param name="Batch">Receives those that fit the model's inputs.</param>
/// <param name="Decoders">For this batch, from <see cref="FieldDecoder.Bind(SourceLayout, SourceBatch)"/>.</param>
/// <param name="Rejected">Receives the others; they are not in the batch.</param>
internal readonly record struct DecodedRows(SourceBatch Batch, IReadOnlyList<FieldDecoder> Decoders, ICollection<RejectedRow> Rejected)
{
    public bool HasRoom => Batch.RowCount < Batch.Inputs.Capacity;
}
