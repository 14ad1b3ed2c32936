using System.Numerics;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// The features as trees look at them: only those some node uses, with columns among them that turn every kind of split into
/// a comparison with a threshold. It is made of tiles, one below the other, each column of a tile one piece of memory.
/// </summary>
/// <param name="features">The feature each column begins as.</param>
/// <param name="missingIsLeast">Columns in which NaN becomes negative infinity, so that it goes to the lesser side.</param>
/// <param name="anyAboveZero">Columns that are 1 where one of several features is above 0, or NaN if that counts, and else 0.</param>
internal sealed class FeatureMatrix(int[] features, int[] missingIsLeast, FeatureMatrix.AnyAboveZero[] anyAboveZero)
{
    /// <summary>Rows of a tile: four vectors' worth, so that the comparisons of each node overlap.</summary>
    public static readonly int Tile = 4 * Vector<float>.Count;

    /// <summary>Columns of the matrix.</summary>
    public int Width => features.Length;

    /// <summary>Values that a matrix of so many rows has room for: whole tiles, and one where no tree looks at anything.</summary>
    public int Room(int rows) => (rows + Tile - 1) / Tile * Tile * Math.Max(Width, 1);

    /// <summary>Fills the matrix.</summary>
    /// <param name="values">The features, row after row.</param>
    /// <param name="featureCount">Features a row.</param>
    /// <param name="matrix">As many values as <see cref="Room"/> says.</param>
    public void Fill(ReadOnlySpan<float> values, int featureCount, Span<float> matrix)
    {
        for (var row = 0; !values.IsEmpty; row++, values = values[featureCount..])
            Fill(values[..featureCount], matrix[(row / Tile * Tile * Width + row % Tile)..]);
    }

    /// <summary>Fills one row, whose values are a tile's rows apart.</summary>
    private void Fill(ReadOnlySpan<float> row, Span<float> target)
    {
        for (int column = 0, at = 0; column < features.Length; column++, at += Tile)
            target[at] = row[features[column]];
        foreach (var column in missingIsLeast)
        {
            ref var value = ref target[column * Tile];
            value = float.IsNaN(value) ? float.NegativeInfinity : value;
        }

        foreach (var any in anyAboveZero)
            target[any.Column * Tile] = any.Holds(row) ? 1 : 0;
    }

    /// <summary>A categorical split.</summary>
    internal sealed record AnyAboveZero(int Column, int[] Features, bool MissingCounts)
    {
        public bool Holds(ReadOnlySpan<float> row)
        {
            foreach (var feature in Features)
            {
                if (row[feature] > 0 || (MissingCounts && float.IsNaN(row[feature])))
                    return true;
            }

            return false;
        }
    }
}
