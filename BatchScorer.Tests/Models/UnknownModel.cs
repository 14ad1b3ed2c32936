using System.Text;

namespace BatchScorer.Tests.Models;

/// <summary>A model of which one step is of a kind that ML.NET has and the Compiled engine does not.</summary>
internal static class UnknownModel
{
    public const string Signature = "PriorPredictor";

    public const string Path = "TransformerChain/Transform_001/Model/Predictor/Model.key";

    private const int SignatureOffset = 0x50;
    private const int SignatureLength = 24;

    /// <summary>The bytes of its file.</summary>
    public static byte[] ToBytes()
    {
        var entries = TestZip.Entries(GoldenCase.Of("gam_binary").First().ReadModel().Bytes.ToArray());
        Encoding.ASCII.GetBytes(Signature.PadRight(SignatureLength, '\0'), entries.Single(entry => entry.Name == Path).Content.AsSpan(SignatureOffset));
        return TestZip.Of(entries);
    }
}
