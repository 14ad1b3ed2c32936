namespace BatchScorer.Benchmarks.Kernels;

/// <summary>A way to score the benchmark's batches of rows, which it holds in the form that it needs.</summary>
/// <param name="name">What it is called in the report.</param>
internal abstract class ScoringWay(string name) : IDisposable
{
    public string Name { get; } = name;

    /// <summary>Scores one of the batches.</summary>
    public abstract void Score(int batch);

    /// <summary>The scores of the rows of the batch that was scored last.</summary>
    public abstract ReadOnlySpan<float> Scores { get; }

    public abstract void Dispose();
}
