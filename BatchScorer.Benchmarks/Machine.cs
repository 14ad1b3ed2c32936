using System.Runtime.InteropServices;

namespace BatchScorer.Benchmarks;

/// <summary>What a measurement was made on.</summary>
internal static class Machine
{
    private const string ProcessorsFile = "/proc/cpuinfo";

    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, {Processor()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor()
    {
        var name = File.Exists(ProcessorsFile)
            ? File.ReadLines(ProcessorsFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return name ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
