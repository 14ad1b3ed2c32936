using System.Text;
using BatchScorer.Models.Compiled.Steps.Conversion;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>ML.NET's own rules for numbers in texts, which are not those of .NET.</summary>
internal sealed class ParseTests
{
    [TestCase("", 0)]
    [TestCase("  ", 0)]
    [TestCase("7", 7)]
    [TestCase(" 7", 7)]
    [TestCase(" 7 ", float.NaN)]
    [TestCase(" 17", float.NaN)]
    [TestCase("17 ", 17)]
    [TestCase("+1.5", 1.5f)]
    [TestCase("-.5e1", -5)]
    [TestCase("5.", 5)]
    [TestCase(".", float.NaN)]
    [TestCase("1e", float.NaN)]
    [TestCase("1e+", float.NaN)]
    [TestCase("1,5", float.NaN)]
    [TestCase("1 000", float.NaN)]
    [TestCase("0x10", float.NaN)]
    [TestCase("1e38", 1e38f)]
    [TestCase("1e39", float.PositiveInfinity)]
    [TestCase("-1e99999999999999999999", float.NegativeInfinity)]
    [TestCase("1e-45", 1.4e-45f)]
    [TestCase("1e-99", 0)]
    [TestCase("∞", float.PositiveInfinity)]
    [TestCase("-∞", float.NegativeInfinity)]
    [TestCase("Infinity", float.PositiveInfinity)]
    [TestCase("inf", float.NaN)]
    [TestCase("NaN", float.NaN)]
    [TestCase("?", float.NaN)]
    [TestCase("twelve", float.NaN)]
    [TestCase("00000000000000000000000000000123", 123)]
    [TestCase("3402823466385288598117041834845169254400", float.PositiveInfinity)]
    [TestCase("340282346638528859811704183484516925440", float.MaxValue)]
    public void A_text_is_a_Single_by_MLNets_rules(string text, float expected)
    {
        Assert.That(ParseSingle.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("0.1", 0.1)]
    [TestCase("-1.7976931348623157e308", double.MinValue)]
    [TestCase("1e309", double.PositiveInfinity)]
    [TestCase(" 1.5", double.NaN)]
    [TestCase("", 0)]
    public void A_text_is_a_Double_by_the_same_rules(string text, double expected)
    {
        Assert.That(ParseDouble.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("", 0)]
    [TestCase("127", 127)]
    [TestCase("-128", -128)]
    [TestCase("-0", 0)]
    public void A_text_of_digits_is_a_signed_integer(string text, int expected)
    {
        Assert.That(ParseSigned<sbyte>.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("128")]
    [TestCase("-129")]
    [TestCase("+1")]
    [TestCase("1 ")]
    [TestCase("-")]
    [TestCase("1.0")]
    [TestCase("99999999999999999999")]
    public void What_is_no_signed_integer_that_fits_cannot_be_scored(string text) =>
        Assert.That(ParseSigned<sbyte>.TryParse(Encoding.UTF8.GetBytes(text), out _), Is.False);

    [TestCase("", 0u)]
    [TestCase("255", 255u)]
    [TestCase("256", 0u)]
    [TestCase("-1", 0u)]
    [TestCase("x", 0u)]
    public void What_is_no_unsigned_integer_that_fits_is_zero(string text, uint expected)
    {
        Assert.That(ParseUnsigned<byte>.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("1", true)]
    [TestCase("+1", true)]
    [TestCase("YES", true)]
    [TestCase("tRuE", true)]
    [TestCase("t", true)]
    [TestCase("0", false)]
    [TestCase("true ", false)]
    [TestCase("on", false)]
    [TestCase("", false)]
    public void A_text_is_true_or_false_by_MLNets_list(string text, bool expected)
    {
        Assert.That(ParseBoolean.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }
}
