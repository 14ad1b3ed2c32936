using System.IO.Compression;
using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models;

internal sealed class ModelFileTests
{
    private static readonly byte[] Churn = GoldenCase.Of("churn").First().ReadModel().Bytes.ToArray();

    [Test]
    public void The_hash_is_that_of_the_bytes_and_in_lower_case()
    {
        var file = ModelFile.FromBytes("one.zip", TestZip.Of([]));

        Assert.That(file.Sha256, Is.EqualTo("8739c76e681f900923b900c9df0ef75cf421d39cabb54650c4b9ad19b6a76d85"));
    }

    [Test]
    public void An_entry_is_found_whichever_slash_its_writer_used()
    {
        var file = ModelFile.FromBytes("windows.zip", TestZip.Of([(@"TransformerChain\Model.key", [1, 2, 3])]));

        Assert.That(file.Entry("TransformerChain/Model.key")?.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_folder_is_a_fault_of_the_configuration() =>
        Assert.That(() => ModelFile.Read(AppContext.BaseDirectory), Throws.TypeOf<BatchScorerException>()
            .With.Property(nameof(BatchScorerException.ExitCode)).EqualTo(ExitCode.BadConfiguration).And.Message.Contains("is a folder"));

    [Test]
    public void A_missing_file_is_a_fault_of_the_configuration() =>
        Refuses(() => ModelFile.Read(Path.Combine(TestContext.CurrentContext.TestDirectory, "nowhere.zip")), "nowhere.zip: does not exist");

    [Test]
    public void An_empty_file_is_refused() => Refuses(() => ModelFile.FromBytes("empty.zip", []), "empty.zip: is empty");

    [Test]
    public void A_file_that_is_no_zip_is_refused() => Refuses(() => ModelFile.FromBytes("notes.txt", "not a zip"u8.ToArray()), "notes.txt: is no sound zip");

    [Test]
    public void A_file_cut_short_is_refused_wherever_it_is_cut([Values(1, 30, 1000, 40_000, 83_000, 83_459)] int length) =>
        Refuses(() => ModelFile.FromBytes("cut.zip", Churn[..length]), "cut.zip: is no sound zip");

    [Test]
    public void Content_that_does_not_match_its_checksum_is_refused()
    {
        var zip = TestZip.Of([("Schema", new byte[1000])]);
        var central = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        zip[central + 16] ^= 1; // the checksum in the directory

        Refuses(() => ModelFile.FromBytes("flipped.zip", zip), "Schema is corrupt: its length or checksum");
    }

    [Test]
    public void Two_entries_of_one_name_are_refused() =>
        Refuses(() => ModelFile.FromBytes("twice.zip", TestZip.Of([("a/Model.key", []), (@"a\Model.key", [])])), "two entries");

    [Test]
    public void More_entries_than_any_model_has_are_refused() =>
        Refuses(() => ModelFile.FromBytes("many.zip", TestZip.Of(Enumerable.Range(0, ModelArchive.MaximumEntries + 1).Select(i => ($"{i}", Array.Empty<byte>())))), "zip entries");

    [Test]
    public void A_zip_bomb_is_refused_before_it_has_inflated()
    {
        var bomb = TestZip.Of(Enumerable.Range(0, 8).Select(i => ($"{i}", new byte[32 << 20])), CompressionLevel.SmallestSize);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refuses(() => ModelFile.FromBytes("bomb.zip", bomb), "zip bomb");

        // The bound is 64 MB for a file of this size.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(80L << 20));
    }

    [Test]
    public void A_zip_that_declares_less_than_it_inflates_to_is_refused()
    {
        var zip = TestZip.Of([("Schema", new byte[32 << 20])]);
        var central = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        zip[central + 24 + 2] = 0; // the uncompressed length in the directory
        zip[central + 24 + 3] = 0;
        zip[central + 24] = 100;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refuses(() => ModelFile.FromBytes("liar.zip", zip), "liar.zip: ");

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4L << 20));
    }

    private static void Refuses(Action load, string message)
    {
        var fault = Assert.Throws<BatchScorerException>(load)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            Assert.That(fault.Message, Does.StartWith("model file ").And.Contains(message));
            Assert.That(fault.Message, Does.Not.Contain('\n'));
        }
    }
}
