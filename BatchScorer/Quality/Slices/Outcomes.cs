using System.Runtime.InteropServices;
using BatchScorer.Jobs;
using BatchScorer.Quality.Labels;
using BatchScorer.Quality.Metrics;

namespace BatchScorer.Quality.Slices;

/// <summary>Gathers the labelled predictions of a slice, to be measured.</summary>
internal abstract class Outcomes
{
    public abstract long Rows { get; }

    public abstract void Add(in LabelledPrediction row);

    public abstract IReadOnlyList<Metric> Measure();

    /// <summary>Whether probabilities came true; null where no probabilities of yes are predicted.</summary>
    public virtual IReadOnlyList<CalibrationBin>? Calibrate() => null;

    /// <summary>What was predicted against what it was; null where a number is predicted.</summary>
    public virtual IReadOnlyList<ClassConfusion>? Confuse() => null;

    public static Outcomes Of(Comparison comparison) => comparison.Kind switch
    {
        LabelKind.Binary => new Decisions(comparison.Threshold),
        LabelKind.Regression => new Numbers(),
        _ => new Classes(),
    };

    private sealed class Decisions(double threshold) : Outcomes
    {
        private readonly List<double> scores = [];
        private readonly List<bool> positive = [];

        public override long Rows => scores.Count;

        private ReadOnlySpan<double> Scores => CollectionsMarshal.AsSpan(scores);

        private ReadOnlySpan<bool> Positive => CollectionsMarshal.AsSpan(positive);

        public override void Add(in LabelledPrediction row)
        {
            scores.Add(row.Predicted!.Value);
            positive.Add(row.Actual == 1);
        }

        public override IReadOnlyList<Metric> Measure() => BinaryMetrics.Of(Scores, Positive, threshold);

        public override IReadOnlyList<CalibrationBin>? Calibrate() => BinaryMetrics.AreProbabilities(Scores) ? CalibrationTable.Of(Scores, Positive) : null;

        public override IReadOnlyList<ClassConfusion> Confuse()
        {
            var counts = BinaryConfusion.Of(Scores, Positive, threshold);
            return
            [
                new("no", "no", counts.TrueNegatives), new("no", "yes", counts.FalsePositives),
                new("yes", "no", counts.FalseNegatives), new("yes", "yes", counts.TruePositives),
            ];
        }
    }

    private sealed class Numbers : Outcomes
    {
        private readonly List<double> predicted = [], actual = [];

        public override long Rows => predicted.Count;

        public override void Add(in LabelledPrediction row)
        {
            predicted.Add(row.Predicted!.Value);
            actual.Add(row.Actual!.Value);
        }

        public override IReadOnlyList<Metric> Measure() => RegressionMetrics.Of(CollectionsMarshal.AsSpan(predicted), CollectionsMarshal.AsSpan(actual));
    }

    private sealed class Classes : Outcomes
    {
        private readonly ClassCounts counts = new();

        public override long Rows => counts.Rows;

        public override void Add(in LabelledPrediction row) => counts.Add(row.ActualClass!, row.PredictedClass!, row.Predicted);

        public override IReadOnlyList<Metric> Measure() => counts.Metrics();

        public override IReadOnlyList<ClassConfusion> Confuse() => counts.Confusion;
    }
}
