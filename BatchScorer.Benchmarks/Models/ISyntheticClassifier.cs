namespace BatchScorer.Benchmarks.Models;

/// <summary>What makes a score of a synthetic model's features.</summary>
internal interface ISyntheticClassifier
{
    /// <summary>The slope of the Platt calibrator that ML.NET gives its like.</summary>
    double PlattSlope { get; }

    /// <summary>Predictor and calibrator in one, as ML.NET writes it for its like.</summary>
    Component Calibrated();

    /// <summary>Makes the predictor for a model's features.</summary>
    Component Predictor(SyntheticModel model);
}
