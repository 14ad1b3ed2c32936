using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Predictors.Distances;

/// <summary>K-means (<c>KMeansModelParameters</c>): the centre of each cluster, dense or sparse.</summary>
internal static class KMeansPredictor
{
    private const uint SparseCentres = 0x00010002;

    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var centres = new Centre[block.Count(sizeof(int))];
        var width = Features.Width(predictor, features, block.Int32());
        if (centres.Length == 0)
            throw predictor.Fault("it has no clusters");
        for (var i = 0; i < centres.Length; i++)
            centres[i] = ReadCentre(predictor, block, width);
        block.End();
        return new SquaredDistances(features, centres);
    }

    private static Centre ReadCentre(ModelKey predictor, BlockReader block, int width)
    {
        var count = predictor.Version >= SparseCentres ? block.Int32() : width;
        if (count < 0 || count > width)
            throw predictor.Fault($"a centre has {count} of {width} values");
        int[]? slots = count < width ? block.Values<int>(count) : null;
        var values = block.Values<float>(count);
        if (!values.All(float.IsFinite))
            throw predictor.Fault("a centre is not finite");
        if (slots is null)
            return new Centre(values, null, DotProduct.SumOfSquares(values));

        var all = new float[width];
        for (var i = 0; i < slots.Length; i++)
        {
            if ((uint)slots[i] >= (uint)width || (i > 0 && slots[i] <= slots[i - 1]))
                throw predictor.Fault("the slots of a centre are not in order");
            all[slots[i]] = values[i];
        }

        return new Centre(all, slots, DotProduct.SumOfSquares(values));
    }
}
