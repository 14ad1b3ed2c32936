using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>The Compiled engine answers what ML.NET answers, to the last bit: also where it follows ML.NET's order of summing floats.</summary>
internal sealed class GoldenTests
{
    private static readonly string[] Scored =
    [
        "churn",
        "fasttree_binary", "fasttree_regression", "fasttree_tweedie",
        "fastforest_binary", "fastforest_binary_calibrated", "fastforest_regression",
        "lightgbm_binary", "lightgbm_regression",
        "sdca_logistic", "sdca_nonlogistic", "linear_svm", "averaged_perceptron", "lbfgs_logistic",
        "lbfgs_poisson", "sdca_regression", "online_gradient_descent",
        "gam_regression", "gam_binary",
        "maximum_entropy", "ova_fasttree", "lightgbm_multiclass", "naive_bayes",
        "kmeans", "pca_anomaly", "matrix_factorization", "field_aware_ff",
        "missing_values", "type_conversion", "vector_input", "vector_input_fasttree",
        "normalizers", "one_hot_kinds", "one_hot_hash", "text_featurize",
    ];

    private static IEnumerable<GoldenCase> Cases => Scored.SelectMany(GoldenCase.Of);

    [TestCaseSource(nameof(Cases))]
    public void Answers_are_those_of_MLNet(GoldenCase golden)
    {
        using var model = CompiledModel.Load(golden.ReadModel(), golden.Outputs);
        var outputs = model.Schema.CreateOutputs(2000);
        var faults = new List<RowFault>();

        model.Score(golden.ReadInputs(model.Schema), outputs, faults);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Is.Empty);
            Assert.That(BatchComparison.Differences(outputs, golden.ReadExpected(model.Schema)), Is.Empty);
            Assert.That(model.Schema.Inputs.Select(column => column.Name), Is.SubsetOf(golden.Inputs));
        }
    }
}
