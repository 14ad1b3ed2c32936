namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// The features as trees look at them, row after row: only those some node uses, with columns among them that turn every
/// kind of split into a comparison with a threshold.
/// </summary>
/// <param name="features">The feature each column begins as.</param>
/// <param name="missingIsLeast">Columns in which NaN becomes negative infinity, so that it goes to the lesser side.</param>
/// <param name="anyAboveZero">Columns that are 1 where one of several features is above 0, or NaN if that counts, and else 0.</param>
internal sealed class FeatureMatrix(int[] features, int[] missingIsLeast, FeatureMatrix.AnyAboveZero[] anyAboveZero)
{
    /// <summary>Columns of the matrix.</summary>
    public int Width => features.Length;

    /// <summary>Fills the matrix.</summary>
    /// <param name="values">The features, row after row.</param>
    /// <param name="featureCount">Features a row.</param>
    /// <param name="matrix">At least as many rows of <see cref="Width"/> values.</param>
    public void Fill(ReadOnlySpan<float> values, int featureCount, Span<float> matrix)
    {
        for (; !values.IsEmpty; values = values[featureCount..], matrix = matrix[Width..])
        {
            var row = values[..featureCount];
            for (var column = 0; column < features.Length; column++)
                matrix[column] = row[features[column]];
            foreach (var column in missingIsLeast)
                matrix[column] = float.IsNaN(matrix[column]) ? float.NegativeInfinity : matrix[column];
            foreach (var any in anyAboveZero)
                matrix[any.Column] = any.Holds(row) ? 1 : 0;
        }
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
