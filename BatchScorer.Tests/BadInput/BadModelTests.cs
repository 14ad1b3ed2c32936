using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.BadInput;

/// <summary>Model files of <c>models.txt</c>, made by <see cref="ModelRecipe"/>.</summary>
internal sealed class BadModelTests
{
    private static IReadOnlyList<BadCase> Cases => BadCase.Read("models.txt");

    [TestCaseSource(nameof(Cases))]
    public void A_bad_model_says_exactly_what_is_wrong(BadCase bad)
    {
        var bytes = ModelRecipe.Make(bad.Lines);

        var fault = Assert.Throws<BatchScorerException>(() => ModelLoader.Load(ModelFile.FromBytes("churn.zip", bytes), EngineChoice.Compiled).Dispose())!;

        Assert.That((fault.Message, fault.ExitCode), Is.EqualTo((bad.Expected, ExitCode.BadConfiguration)));
    }
}
