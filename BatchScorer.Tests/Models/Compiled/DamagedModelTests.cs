using System.Buffers.Binary;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>
/// Whatever bytes a model file has, it is scored or refused with one line: nothing else escapes, and memory stays bounded.
/// The changed content is zipped again, so that it gets past the zip's checksums.
/// </summary>
internal sealed class DamagedModelTests
{
    private const int Seed = 20260301;

    private static readonly string[] Models =
    [
        "churn", "fastforest_regression", "lightgbm_binary", "sdca_logistic", "missing_values", "type_conversion", "vector_input", "fastforest_binary_calibrated",
        "gam_binary", "lightgbm_multiclass", "maximum_entropy", "naive_bayes", "kmeans", "pca_anomaly", "matrix_factorization", "field_aware_ff",
        "normalizers", "one_hot_kinds", "one_hot_hash", "text_featurize",
    ];

    private static readonly byte[][] WrongNumbers =
    [
        Number(-1), Number(int.MinValue), Number(int.MaxValue), Number(1 << 24), Number(0), Number(1), Number(BitConverter.SingleToInt32Bits(float.NaN)),
    ];

    [TestCaseSource(nameof(Models))]
    public void A_flipped_byte_anywhere_is_survived(string name)
    {
        var random = new Random(Seed);
        EachEntry(name, 60, content =>
        {
            var at = random.Next(content.Length);
            content[at] ^= (byte)random.Next(1, 256);
            return content;
        });
    }

    [TestCaseSource(nameof(Models))]
    public void A_flipped_byte_in_a_header_is_survived(string name)
    {
        var random = new Random(Seed);
        EachEntry(name, 60, content =>
        {
            var at = random.Next(Math.Min(content.Length, 300));
            content[at] ^= (byte)random.Next(1, 256);
            return content;
        });
    }

    [TestCaseSource(nameof(Models))]
    public void A_count_that_cannot_be_is_survived(string name)
    {
        var random = new Random(Seed);
        EachEntry(name, 150, content =>
        {
            var limit = Math.Max(1, Math.Min(content.Length, 256 + 200) - sizeof(int));
            var start = content.Length > 256 && random.Next(4) > 0 ? 256 + random.Next(Math.Max(1, limit - 256)) : random.Next(limit);
            WrongNumbers[random.Next(WrongNumbers.Length)].AsSpan().CopyTo(content.AsSpan(Math.Min(start, content.Length - sizeof(int))));
            return content;
        });
    }

    [TestCaseSource(nameof(Models))]
    public void An_entry_cut_short_is_survived(string name)
    {
        var random = new Random(Seed);
        EachEntry(name, 20, content => content[..random.Next(content.Length)]);
    }

    [Test]
    public void A_missing_entry_is_survived([ValueSource(nameof(Models))] string name)
    {
        var entries = TestZip.Entries(Bytes(name));
        foreach (var missing in entries)
            LoadAndScore(TestZip.Of(entries.Where(entry => entry != missing)));
    }

    private static void EachEntry(string name, int times, Func<byte[], byte[]> damage)
    {
        var entries = TestZip.Entries(Bytes(name));
        var targets = entries.Index().Where(entry => entry.Item.Name.EndsWith("Schema", StringComparison.Ordinal) || entry.Item.Name.EndsWith("Model.key", StringComparison.Ordinal)).ToArray();
        foreach (var (index, (path, content)) in targets)
        {
            for (var i = 0; i < Math.Max(1, times / targets.Length * 2); i++)
            {
                var damaged = entries.ToList();
                damaged[index] = (path, damage([.. content]));
                LoadAndScore(TestZip.Of(damaged));
            }
        }
    }

    private static byte[] Bytes(string name) => GoldenCase.Of(name).First().ReadModel().Bytes.ToArray();

    private static void LoadAndScore(byte[] zip)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelTrial.LoadAndScore(zip);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(600L << 20));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
