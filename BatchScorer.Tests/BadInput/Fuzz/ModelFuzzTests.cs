using BatchScorer.Tests.Models;
using BatchScorer.Tests.Models.Compiled;

namespace BatchScorer.Tests.BadInput.Fuzz;

/// <summary>The model reader, and the kernels that it makes, with every golden model and every model of the corpus as seed.</summary>
internal sealed class ModelFuzzTests
{
    [Test]
    public void A_changed_model_is_scored_or_refused()
    {
        byte[][] seeds = [.. GoldenCase.All.Select(golden => golden.ReadModel().Bytes.ToArray()), .. BadCase.Read("models.txt").Select(bad => ModelRecipe.Make(bad.Lines))];
        var entries = seeds.Select(EntriesOf).Where(entries => entries.Count > 0).ToArray();
        byte[][] contents = [.. entries.SelectMany(model => model.Select(entry => entry.Content)).Where(content => content.Length > 0)];

        FuzzRun.Of(inputs: 600, bytesAllowed: 600L << 20, mutation =>
            ModelTrial.LoadAndScore(mutation.OneIn(5) ? mutation.Change(mutation.Pick(seeds), seeds) : WithChangedEntry(mutation, mutation.Pick(entries), contents)));
    }

    /// <summary>Zipped again with the right checksums, so that the change gets past them.</summary>
    private static byte[] WithChangedEntry(Mutation mutation, List<(string Name, byte[] Content)> entries, byte[][] contents)
    {
        var changed = mutation.Pick(entries);
        return TestZip.Of(entries.Select(entry => entry == changed ? (entry.Name, mutation.Change(entry.Content, contents)) : entry));
    }

    private static List<(string Name, byte[] Content)> EntriesOf(byte[] zip)
    {
        try
        {
            return TestZip.Entries(zip);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or NotSupportedException)
        {
            return [];
        }
    }
}
