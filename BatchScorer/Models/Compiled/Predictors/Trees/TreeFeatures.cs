using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// Fills the matrix that trees look at, once a block for all ensembles over the same features. It has no column: what it
/// makes is its scratch room, an array of floats.
/// </summary>
/// <param name="features">A vector of Single.</param>
internal sealed class TreeFeatures(Kernel features) : Kernel(features.Name, features.Type, features)
{
    private FeatureMatrix? matrix;

    /// <summary>What is looked at; every ensemble has said so before the first block is made.</summary>
    public FeatureMatrixBuilder Columns { get; } = new(features.Type.Width);

    /// <summary>Columns of the matrix.</summary>
    public int Width => Matrix.Width;

    public override long RowValues => Width;

    private FeatureMatrix Matrix => matrix ??= Columns.Build();

    public override Column? CreateColumn(int rows) => null;

    public override object CreateScratch(int rows) => new float[Matrix.Room(rows)];

    public override void Run(Block block) =>
        Matrix.Fill(block.Read<float>(Sources[0]), Sources[0].Type.Width, block.Scratch<float[]>(this));
}
