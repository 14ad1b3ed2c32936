using BatchScorer.Alarms.Notices;

namespace BatchScorer.Tests.Alarms;

internal sealed class NoticeSignatureTests
{
    private static readonly Guid Id = Guid.Parse("0193b3a4-7c1e-7d2f-8a3b-4c5d6e7f8091");

    /// <summary>Computed by <c>openssl dgst -sha256 -hmac</c> and <c>base64</c>.</summary>
    [TestCase("a secret of many letters", "v1,f3EVF4Thx9r+ZEsrbNBp77aQydlrJHbiWyVtEK9dW0Q=")]
    [TestCase("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "v1,bLP6ry6ory3l4tNqcvenYi/pKnt3YdEawiBAM02A1eE=")]
    public void It_is_the_one_that_another_program_computes(string secret, string signature) =>
        Assert.That(NoticeSignature.Of(secret, Id, 1_763_765_432, """{"job":"churn"}"""), Is.EqualTo(signature));

    [Test]
    public void Another_time_or_body_has_another_signature()
    {
        var signatures = new[] { NoticeSignature.Of("secret", Id, 1, "{}"), NoticeSignature.Of("secret", Id, 2, "{}"), NoticeSignature.Of("secret", Id, 1, "{ }"), NoticeSignature.Of("other", Id, 1, "{}") };

        Assert.That(signatures, Is.Unique);
    }
}
