using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models;

internal sealed class ModelStepsTests
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.All))]
    public void The_steps_of_a_model_are_listed_whether_they_are_known_or_not(GoldenCase golden) =>
        Assert.That(ModelSteps.List(golden.ReadModel()), Is.EqualTo(golden.Steps));

    [Test]
    public void A_zip_without_a_model_is_refused()
    {
        var file = ModelFile.FromBytes("photos.zip", TestZip.Of([("holiday.jpg", [1, 2, 3])]));

        var fault = Assert.Throws<BatchScorerException>(() => ModelSteps.List(file));

        Assert.That(fault!.Message, Is.EqualTo("model file photos.zip: is a zip without an ML.NET model; expected a model.zip saved by MLContext.Model.Save."));
    }
}
