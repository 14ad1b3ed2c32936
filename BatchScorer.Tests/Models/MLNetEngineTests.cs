using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models;

internal sealed class MLNetEngineTests
{
    [Test]
    public void A_build_without_the_engine_says_so_and_what_to_do()
    {
        if (MLNetEngine.IsBuiltIn)
            Assert.Ignore("This build has the MLNet engine.");

        var fault = Assert.Throws<BatchScorerException>(() => MLNetEngine.Load(GoldenCase.Of("churn").First().ReadModel()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.Message, Does.Contain("this build lacks the MLNet engine").And.Contain("feed that has Microsoft.ML"));
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        }
    }
}
