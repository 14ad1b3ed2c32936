using BatchScorer.Batches;
using BatchScorer.Benchmarks.Contenders;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>Objects, one a row, are scored one after the other.</summary>
internal sealed class RowScoring : ScoringWay
{
    private readonly RowScorer scorer;
    private readonly Func<SyntheticRow, SyntheticAnswer> score;
    private readonly SyntheticRow[][] batches;
    private readonly float[] scores;

    /// <param name="model">The model's file.</param>
    /// <param name="rows">The rows as columns.</param>
    public RowScoring(string model, Batch[] rows)
        : base(RowScorer.Engine)
    {
        scorer = new RowScorer(model);
        score = scorer.Create();
        batches = [.. rows.Select(Objects)];
        scores = new float[rows[0].Capacity];
    }

    public override ReadOnlySpan<float> Scores => scores;

    public override void Score(int batch)
    {
        var rows = batches[batch];
        for (var i = 0; i < rows.Length; i++)
            scores[i] = score(rows[i]).Score;
    }

    public override void Dispose() => scorer.Dispose();

    private static SyntheticRow[] Objects(Batch batch)
    {
        var rows = Enumerable.Range(0, batch.RowCount).Select(_ => new SyntheticRow()).ToArray();
        foreach (var column in batch.Columns)
        {
            var property = typeof(SyntheticRow).GetProperty(column.Name)!;
            for (var row = 0; row < rows.Length; row++)
                property.SetValue(rows[row], column.ValueAt(row));
        }

        return rows;
    }
}
