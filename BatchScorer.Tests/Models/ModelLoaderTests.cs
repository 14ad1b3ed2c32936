using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models;

internal sealed class ModelLoaderTests
{
    private static GoldenCase Golden(string name) => GoldenCase.Of(name).First();

    [Test]
    public void Auto_takes_Compiled_where_it_knows_every_step()
    {
        using var model = ModelLoader.Load(Golden("churn").ReadModel(), EngineChoice.Auto);

        Assert.That(model.Engine, Is.EqualTo("Compiled"));
    }

    [Test]
    public void Every_step_that_Compiled_does_not_know_is_named_with_its_place()
    {
        var file = ModelFile.FromBytes("unknown.zip", UnknownModel.ToBytes());

        var fault = Assert.Throws<BatchScorerException>(() => ModelLoader.Load(file, EngineChoice.Compiled).Dispose())!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            Assert.That(fault.Message, Does.Contain($"it does not know {UnknownModel.Signature} ({UnknownModel.Path}); the MLNet engine could"));
        }
    }

    [Test]
    public void An_output_that_no_step_makes_is_refused_with_the_nearest_name()
    {
        var file = Golden("churn").ReadModel();

        Assert.That(
            () => ModelLoader.Load(file, EngineChoice.Compiled, ["Probabilty"]),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains("has no output \"Probabilty\", did you mean \"Probability\"?"));
    }

    [Test]
    public void Without_the_MLNet_engine_a_step_that_Compiled_does_not_know_is_an_error_that_says_how_to_get_it()
    {
        if (MLNetEngine.IsBuiltIn)
            Assert.Ignore("This build has the MLNet engine, which scores the model.");
        var file = ModelFile.FromBytes("unknown.zip", UnknownModel.ToBytes());

        Assert.That(
            () => ModelLoader.Load(file, EngineChoice.Auto),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains(UnknownModel.Signature).And.Message.Contains("a package feed that has Microsoft.ML"));
    }
}
