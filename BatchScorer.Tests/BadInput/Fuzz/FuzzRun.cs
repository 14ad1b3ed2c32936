using System.Globalization;

namespace BatchScorer.Tests.BadInput.Fuzz;

/// <summary>
/// Feeds changed inputs to a reader. <c>FUZZ_INPUTS</c> says how many, <c>FUZZ_SEED</c> the first one's seed; each further one has the
/// next, so that the seed in a failure's message replays that input alone with <c>FUZZ_INPUTS=1</c>.
/// </summary>
internal static class FuzzRun
{
    // Far above what any input takes, for machines that are busy.
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(60);

    /// <param name="inputs">How many where <c>FUZZ_INPUTS</c> does not say.</param>
    /// <param name="bytesAllowed">How much an input may make its reader allocate.</param>
    /// <param name="read">Makes an input and reads it; throws where the reader answers other than it may.</param>
    public static void Of(int inputs, long bytesAllowed, Action<Mutation> read)
    {
        var first = Setting("FUZZ_SEED", 20260301);
        for (var seed = first; seed < first + Setting("FUZZ_INPUTS", inputs); seed++)
        {
            var allocated = 0L;
            var mutation = new Mutation(seed);
            var reading = Task.Run(() =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                read(mutation);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            });

            var ended = Task.WhenAny(reading, Task.Delay(LongestTime)).GetAwaiter().GetResult() == reading;
            Assert.That(ended, Is.True, $"seed {seed}: still reading after {LongestTime}");
            Assert.That(reading.Exception?.InnerException, Is.Null, $"seed {seed}");
            Assert.That(allocated, Is.LessThan(bytesAllowed), $"seed {seed}: bytes allocated");
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
