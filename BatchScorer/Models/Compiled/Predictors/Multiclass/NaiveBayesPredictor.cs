using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Naive Bayes (<c>NaiveBayesMulticlassModelParameters</c>): counts of classes, and in each class of the features above zero.</summary>
internal static class NaiveBayesPredictor
{
    private const uint LongCounts = 0x00010002;

    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var counts = Counts(predictor, block, block.Int32());
        var width = Features.Width(predictor, features, block.Int32());
        if (counts.Length == 0 || counts.Any(count => count < 0 || count > long.MaxValue / counts.Length))
            throw predictor.Fault("its counts of classes are missing or out of range");

        var present = new double[counts.Length][];
        var absent = new double[counts.Length][];
        for (var i = 0; i < counts.Length; i++)
        {
            // A class that was never seen has no counts in the file, and no feature changes its score.
            var seen = counts[i] > 0 ? Counts(predictor, block, width) : [];
            if (seen.Any(count => count < 0))
                throw predictor.Fault("a count of features is negative");
            var all = Math.Log((double)counts[i] + counts.Length);
            present[i] = [.. seen.Select(count => Math.Log((double)count + 1) - all)];
            absent[i] = [.. seen.Select(count => Math.Log((double)counts[i] - count + 1) - all)];
        }

        var allAbsent = block.Values<double>(counts.Length);
        block.End();
        var total = counts.Sum();
        return new NaiveBayesScores(features, present, absent, allAbsent, [.. counts.Select(count => Math.Log((double)count / total))]);
    }

    private static long[] Counts(ModelKey predictor, BlockReader block, int count) =>
        predictor.Version >= LongCounts ? block.Values<long>(count) : [.. block.Values<int>(count).Select(value => (long)value)];
}
