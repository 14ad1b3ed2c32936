using BatchScorer.Errors;

namespace BatchScorer.Tests.Errors;

internal sealed class SuggestionTests
{
    private static readonly string[] Known = ["chunkRows", "partitions", "rejectedRows"];

    [TestCase("chunkrow", ", did you mean \"chunkRows\"?")]
    [TestCase("partition", ", did you mean \"partitions\"?")]
    [TestCase("rejected_rows", ", did you mean \"rejectedRows\"?")]
    [TestCase("partitoins", ", did you mean \"partitions\"?")]
    [TestCase("colour", "")]
    [TestCase("", "")]
    public void The_nearest_known_name_is_suggested(string unknown, string expected) =>
        Assert.That(Suggestion.For(unknown, Known), Is.EqualTo(expected));
}
